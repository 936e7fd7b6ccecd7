// What every page starts. Each module looks for its own marks in the page and does nothing without them.
import { startThemeToggle } from "./theme.js";
import { startTimes } from "./time.js";
import { startToasts } from "./toasts.js";
import { startDialogs } from "./dialogs.js";
import { startErrors } from "./errors.js";
import { startKeys } from "./keys.js";
import { startSelection } from "./selection.js";
import { startPush } from "./push.js";
import { startForms } from "./forms.js";
import { startLive } from "./live.js";
import { startFrame } from "./frame.js";

startThemeToggle();
startTimes();
startToasts();
startDialogs();
startErrors();
startKeys();
startSelection();
startPush();
startForms();
startLive();
startFrame();
