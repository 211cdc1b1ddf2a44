// ArenaLab's mark: a chunk, filled from both ends.

import { LabIcon } from '@jupyterlab/ui-components';

const SVG = `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 22 22">
  <g class="jp-icon3 jp-icon-selectable" fill="#616161">
    <path d="M2 4h18v14H2zM4 6v10h14V6z" fill-rule="evenodd"/>
    <path d="M5 7h3v8H5zM9 7h2v8H9zM15 7h2v8h-2z"/>
  </g>
</svg>`;

export const arenaIcon = new LabIcon({ name: 'arenalab:chunk', svgstr: SVG });
