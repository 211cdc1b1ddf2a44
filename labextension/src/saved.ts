// A page that an explorer has saved, in a tab: it steps by itself, so it needs neither a kernel nor the server.

import type { DocumentRegistry } from '@jupyterlab/docregistry';
import { Contents } from '@jupyterlab/services';
import { Widget } from '@lumino/widgets';

const OURS = /<div class="arenalab-(saved|chart)">/;

//: What its scripts may do: draw. No address is reached, not even to load a picture.
const POLICY =
  "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:";

/** Return the page with that policy, wherever it has its head. */
function confined(content: string): string {
  const page = new DOMParser().parseFromString(content, 'text/html');
  const policy = page.createElement('meta');
  policy.httpEquiv = 'Content-Security-Policy';
  policy.content = POLICY;
  page.head.prepend(policy);
  return `<!doctype html>${page.documentElement.outerHTML}`;
}

/** Whether a path names such a page, if its content does so too. */
export const isPage = (path: string): boolean => /\.html?$/i.test(path);

export class SavedPage extends Widget {
  constructor(private readonly context: DocumentRegistry.Context, private readonly contents: Contents.IManager) {
    super();
    this.addClass('arenalab-SavedPage');
    void this.start();
  }

  /** Show it. Its scripts run in a frame of no origin: they reach neither JupyterLab nor the server, nor any network. */
  async start(): Promise<void> {
    const frame = document.createElement('iframe');
    frame.setAttribute('sandbox', 'allow-scripts allow-downloads');
    Object.assign(frame.style, { border: '0', width: '100%', height: '100%' });
    try {
      const { content } = await this.contents.get(this.context.path, { type: 'file', format: 'text', content: true });
      if (!OURS.test(content)) throw new Error(`${this.context.path}: not a page that an explorer has saved`);
      frame.srcdoc = confined(content);
      this.node.replaceChildren(frame);
    } catch (error) {
      const line = document.createElement('p');
      line.setAttribute('role', 'alert');
      line.style.padding = '0 16px';
      line.textContent = error instanceof Error ? error.message : String(error);
      this.node.replaceChildren(line);
    }
  }
}
