"""From catalogue rows to PrestaShop documents. Pure: values in, values out."""
