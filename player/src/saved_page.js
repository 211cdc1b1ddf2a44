// What a saved page and the site run, as a classic script: from a disk no module can be loaded.

import { mountAll } from "./saved.js";

const { dataset } = document.body;
if (!dataset.paper && matchMedia("(prefers-color-scheme: dark)").matches) dataset.jpThemeLight = "false"; // the site has chosen
mountAll(document);
