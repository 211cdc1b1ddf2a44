// What a saved page and the site run, as a classic script: from a disk no module can be loaded.

import { mountAll } from "./saved.js";

if (matchMedia("(prefers-color-scheme: dark)").matches) document.body.dataset.jpThemeLight = "false";
mountAll(document);
