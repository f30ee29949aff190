// The one script of every page. Each file adds one behaviour to markup that works, or is absent, without it.
import './copy-button.mjs';
import './shortcut.mjs';
import './pop.mjs';
import './submit-once.mjs';
import './confirm-dialog.mjs';
import './toast-note.mjs';
import './theme-switch.mjs';
import './money-input.mjs';
import './cash-count.mjs';
import './paste-box.mjs';
import './file-drop.mjs';
import './pick-list.mjs';
import './column-chooser.mjs';
import './progress-poll.mjs';
import './print-button.mjs';
import './wait-until.mjs';
import './scan-field.mjs';
