// Everything a page does beyond links and forms. Each module attaches itself by data- attributes.
import "htmx.org";
import "./theme.js";
import "./rail.js";
import "./toast.js";
import "./hotkeys.js";
import "./rows.js";
import "./focus.js";
import "./frames.js";
import "./menu.js";
import "./tip.js";
import "./dialog.js";
import "./palette.js";
import "./peek.js";
import "./inline-edit.js";
import "./reorder.js";
import "./plan-move.js";
import "./auto-submit.js";
import "./copy.js";
import "./local-save.js";
import "./submit-keys.js";
import "./chart-loader.js";
import "./rating.js";
import "./live.js";
import "./passkey.js";
import "./print.js";

document.documentElement.dataset.ready = "true";
