// What JupyterLab loads.

import { documents } from './documents';
import { launcher } from './launcher';

export default [documents, launcher];
