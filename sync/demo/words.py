"""What the demo shop sells, in English and Polish."""

from dataclasses import dataclass

Both = tuple[str, str]
"""English, Polish."""


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour; Polish adjectives follow the noun's gender (m, f)."""

    code: str
    english: str
    polish: dict[str, str]
    rgb: tuple[int, int, int]


def _colour(code: str, english: str, stem: str, rgb: tuple[int, int, int]) -> Colour:
    return Colour(code, english, {"m": f"{stem}y", "f": f"{stem}a"}, rgb)


NAVY = _colour("NV", "navy", "granatow", (31, 58, 95))
WHITE = _colour("WH", "white", "biał", (212, 210, 202))
GREEN = _colour("GR", "green", "zielon", (70, 120, 80))
GREY = _colour("GY", "grey", "szar", (120, 126, 130))
RED = _colour("RD", "red", "czerwon", (176, 58, 46))
SAND = _colour("SA", "sand", "piaskow", (205, 178, 130))
BLACK = _colour("BK", "black", "czarn", (40, 40, 42))
WARM = Colour("27", "warm white", {"f": "ciepła biel"}, (255, 214, 150))
NEUTRAL = Colour("40", "neutral white", {"f": "neutralna biel"}, (250, 240, 220))
COLD = Colour("65", "cold white", {"f": "zimna biel"}, (220, 235, 250))


@dataclass(frozen=True, slots=True)
class Series:
    """A line of one maker."""

    name: str
    maker: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """A category at the third level and what lies there: every series in every size and colour.

    `price` (net) and `weight` (kg) are those of the smallest size.
    """

    path: tuple[Both, Both, Both]
    code: str
    noun: Both
    gender: str
    series: tuple[Series, Series, Series]
    sizes: tuple[str, str, str]
    colours: tuple[Colour, Colour, Colour]
    price: str
    weight: str
    material: Both
    use: Both
    tax_rate: int = 23


_KITCHEN, _HOME = ("Kitchen", "Kuchnia"), ("House", "Mieszkanie")
_GARDEN, _OFFICE = ("Garden", "Ogród"), ("Office", "Biuro")
_TABLE, _COOKING = ("Tableware", "Zastawa stołowa"), ("Cookware", "Gotowanie")
_TEXTILES, _LIGHT = ("Textiles", "Tkaniny"), ("Lighting", "Oświetlenie")
_TOOLS, _PAPER = ("Garden tools", "Narzędzia ogrodowe"), ("Stationery", "Artykuły papiernicze")

_BALTICA, _TATRA = "Baltica Ceramics", "Huta Tatra"
_IRON, _LOOM = "Żeliwo & Syn", "Łódź Loom"
_LUMEN, _SPADE, _PAGE = "Lumen Works", "Green Spade", "Papiernia Dolna"

SHELVES = (
    Shelf(
        (_KITCHEN, _TABLE, ("Mugs", "Kubki")), "MUG", ("mug", "Kubek"), "m",
        (Series("Bryza", _BALTICA), Series("Mewa", _BALTICA), Series("Wydma", _TATRA)),
        ("250 ml", "330 ml", "450 ml"), (NAVY, WHITE, SAND), "19.90", "0.280",
        ("glazed stoneware", "szkliwiona kamionka"),
        ("For tea, coffee and the dishwasher.", "Do herbaty, kawy i zmywarki."),
    ),
    Shelf(
        (_KITCHEN, _TABLE, ("Plates", "Talerze")), "PLT", ("plate", "Talerz"), "m",
        (Series("Bryza", _BALTICA), Series("Mewa", _BALTICA), Series("Wydma", _TATRA)),
        ("19 cm", "23 cm", "27 cm"), (NAVY, WHITE, SAND), "24.50", "0.420",
        ("glazed stoneware", "szkliwiona kamionka"),
        ("Stacks well and bears the oven.", "Dobrze się układa i znosi piekarnik."),
    ),
    Shelf(
        (_KITCHEN, _TABLE, ("Glasses", "Szklanki")), "GLS", ("glass", "Szklanka"), "f",
        (Series("Halny", _TATRA), Series("Giewont", _TATRA), Series("Rysy", _TATRA)),
        ("200 ml", "300 ml", "400 ml"), (WHITE, GREEN, GREY), "9.90", "0.190",
        ("tempered glass", "szkło hartowane"),
        ("For water, juice and iced coffee.", "Do wody, soku i mrożonej kawy."),
    ),
    Shelf(
        (_KITCHEN, _COOKING, ("Pots", "Garnki")), "POT", ("pot", "Garnek"), "m",
        (Series("Kowal", _IRON), Series("Hamer", _IRON), Series("Ruda", _IRON)),
        ("2 l", "4 l", "6 l"), (BLACK, RED, GREEN), "149.00", "2.900",
        ("enamelled cast iron", "emaliowane żeliwo"),
        ("For every hob, induction too.", "Na każdą płytę, także indukcyjną."),
    ),
    Shelf(
        (_KITCHEN, _COOKING, ("Pans", "Patelnie")), "PAN", ("pan", "Patelnia"), "f",
        (Series("Kowal", _IRON), Series("Hamer", _IRON), Series("Ruda", _IRON)),
        ("20 cm", "24 cm", "28 cm"), (BLACK, RED, GREY), "89.00", "1.450",
        ("seasoned cast iron", "sezonowane żeliwo"),
        ("Gets better with every year.", "Z każdym rokiem coraz lepsza."),
    ),
    Shelf(
        (_KITCHEN, _COOKING, ("Kettles", "Czajniki")), "KET", ("kettle", "Czajnik"), "m",
        (Series("Gwizd", _IRON), Series("Para", _LUMEN), Series("Samowar", _LUMEN)),
        ("1 l", "1.7 l", "2.5 l"), (BLACK, WHITE, RED), "119.00", "1.100",
        ("brushed steel", "szczotkowana stal"),
        ("Whistles when it is time.", "Gwiżdże, kiedy trzeba."),
    ),
    Shelf(
        (_HOME, _TEXTILES, ("Towels", "Ręczniki")), "TOW", ("towel", "Ręcznik"), "m",
        (Series("Fala", _LOOM), Series("Molo", _LOOM), Series("Sauna", _LOOM)),
        ("30 x 50 cm", "50 x 100 cm", "70 x 140 cm"), (NAVY, SAND, GREY), "17.50", "0.120",
        ("long-staple cotton", "bawełna długowłóknista"),
        ("Soft after many a wash.", "Miękki także po wielu praniach."),
    ),
    Shelf(
        (_HOME, _TEXTILES, ("Blankets", "Koce")), "BLA", ("blanket", "Koc"), "m",
        (Series("Redyk", _LOOM), Series("Baca", _LOOM), Series("Owca", _LOOM)),
        ("100 x 150 cm", "130 x 180 cm", "150 x 200 cm"), (GREY, GREEN, RED), "99.00", "0.900",
        ("virgin wool", "żywa wełna"),
        ("For long evenings.", "Na długie wieczory."),
    ),
    Shelf(
        (_HOME, _TEXTILES, ("Cushions", "Poduszki")), "CUS", ("cushion", "Poduszka"), "f",
        (Series("Chmura", _LOOM), Series("Mech", _LOOM), Series("Kamyk", _LOOM)),
        ("30 x 50 cm", "40 x 40 cm", "50 x 50 cm"), (SAND, GREEN, NAVY), "39.00", "0.450",
        ("linen with a wool filling", "len z wypełnieniem z wełny"),
        ("The cover comes off for washing.", "Poszewkę można zdjąć do prania."),
    ),
    Shelf(
        (_HOME, _LIGHT, ("Table lamps", "Lampki stołowe")), "LMP", ("table lamp", "Lampka"), "f",
        (Series("Świt", _LUMEN), Series("Zmierzch", _LUMEN), Series("Latarnik", _LUMEN)),
        ("25 cm", "35 cm", "45 cm"), (WHITE, BLACK, GREEN), "129.00", "1.300",
        ("lacquered steel", "lakierowana stal"),
        ("Turns, bends and dims.", "Obraca się, zgina i ściemnia."),
    ),
    Shelf(
        (_HOME, _LIGHT, ("Bulbs", "Żarówki")), "BLB", ("LED bulb", "Żarówka LED"), "f",
        (Series("Iskra", _LUMEN), Series("Łuna", _LUMEN), Series("Promyk", _LUMEN)),
        ("4 W", "7 W", "11 W"), (WARM, NEUTRAL, COLD), "11.90", "0.060",
        ("glass and aluminium", "szkło i aluminium"),
        ("E27, 15,000 hours.", "E27, 15 000 godzin."),
    ),
    Shelf(
        (_GARDEN, _TOOLS, ("Secateurs", "Sekatory")), "SEC", ("secateurs", "Sekator"), "m",
        (Series("Pęd", _SPADE), Series("Szczep", _SPADE), Series("Sad", _SPADE)),
        ("18 cm", "20 cm", "22 cm"), (GREEN, RED, BLACK), "59.00", "0.230",
        ("forged carbon steel", "kuta stal węglowa"),
        ("Cuts shoots up to 20 mm.", "Tnie pędy do 20 mm."),
    ),
    Shelf(
        (_GARDEN, _TOOLS, ("Watering cans", "Konewki")), "CAN", ("watering can", "Konewka"), "f",
        (Series("Rosa", _SPADE), Series("Deszcz", _SPADE), Series("Struga", _SPADE)),
        ("3 l", "6 l", "10 l"), (GREEN, GREY, SAND), "44.00", "0.800",
        ("galvanised steel", "ocynkowana stal"),
        ("With a fine rose for seedlings.", "Z drobnym sitkiem do siewek."),
    ),
    Shelf(
        (_OFFICE, _PAPER, ("Notebooks", "Notesy")), "NTB", ("notebook", "Notes"), "m",
        (Series("Kronika", _PAGE), Series("Szkic", _PAGE), Series("Rejestr", _PAGE)),
        ("A6", "A5", "A4"), (BLACK, SAND, NAVY), "14.90", "0.140",
        ("thread-sewn paper, 90 g/m²", "szyty papier 90 g/m²"),
        ("Opens flat on every page.", "Otwiera się płasko na każdej stronie."), 5,
    ),
    Shelf(
        (_OFFICE, _PAPER, ("Pens", "Długopisy")), "PEN", ("pen", "Długopis"), "m",
        (Series("Linia", _PAGE), Series("Kreska", _PAGE), Series("Podpis", _PAGE)),
        ("0.5 mm", "0.7 mm", "1.0 mm"), (BLACK, NAVY, RED), "7.90", "0.018",
        ("anodised aluminium", "anodowane aluminium"),
        ("Takes any standard refill.", "Przyjmuje każdy standardowy wkład."),
    ),
)  # fmt: skip
