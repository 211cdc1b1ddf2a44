// The player in a tab of JupyterLab, without a kernel: the page is ArenaLab's own, its answers come from the server.

import { ServerConnection } from '@jupyterlab/services';
import type { Message } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';

import { address, ask, Refusal } from './server';

/** What is looked at: a file below the server's root, or a scenario that came with ArenaLab. */
export type What = { path: string } | { scenario: string };

type Post = (contents: unknown[]) => Promise<unknown[]>;
interface Page {
  /** Show a run in an element; return how to stop. */
  show(el: HTMLElement, post: Post): () => void;
}

const GONE = 410; // the server has put the run away
const HERE = 5 * 60_000; // ms between two words that we are still here

export class Player extends Widget {
  /** @param otherwise another way to open what ArenaLab can't, for the error's button */
  constructor(
    private readonly what: What,
    private readonly settings: ServerConnection.ISettings,
    private readonly otherwise?: { label: string; open: () => void }
  ) {
    super();
    this.addClass('arenalab-Player');
    Object.assign(this.node.style, { overflow: 'auto', background: 'var(--jp-layout-color0)' });
    this.beat = window.setInterval(() => void this.stillHere(), HERE);
    window.addEventListener('pagehide', this.leaving);
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    if (!this.begun) void this.start();
  }

  /** Open the run, anew where it is open. */
  async start(): Promise<void> {
    this.begun = true;
    this.answered = false;
    this.stop();
    const opening = (this.opening = new AbortController());
    const place = document.createElement('div');
    this.node.setAttribute('aria-busy', 'true');
    this.say('Opening …', 'status');
    try {
      const page: Page = await import(/* webpackIgnore: true */ address(this.settings, 'page', 'served.js'));
      const body = JSON.stringify(this.what);
      const { name } = await ask<{ name: string }>(this.settings, ['runs'], { method: 'POST', body, signal: opening.signal });
      if (opening.signal.aborted) return this.end(name);
      this.name = name;
      this.node.replaceChildren(place);
      this.leave = page.show(place, contents => this.post(contents));
    } catch (error) {
      if (!opening.signal.aborted) this.complain(error);
    } finally {
      this.node.removeAttribute('aria-busy');
    }
  }

  private async post(contents: unknown[]): Promise<unknown[]> {
    try {
      const body = JSON.stringify(contents);
      const answers = await ask<unknown[]>(this.settings, ['runs', this.name], { method: 'POST', body });
      this.answered = true;
      return answers;
    } catch (error) {
      if (error instanceof Refusal && error.status === GONE) this.gone(error);
      throw error;
    }
  }

  /** The server has put the run away: open it again, unless that is what ended it. */
  private gone(why: Refusal): void {
    this.name = '';
    if (this.answered) void this.start();
    else this.complain(why);
  }

  private async stillHere(): Promise<void> {
    if (!this.name) return;
    await ask(this.settings, ['runs', this.name], { method: 'POST', body: '[]' }).catch(() => undefined);
  }

  private end(name: string): void {
    void ask(this.settings, ['runs', name], { method: 'DELETE', keepalive: true }).catch(() => undefined);
  }

  /** Take the page away and have the server put the run away. */
  private stop(): void {
    this.opening?.abort();
    this.leave?.();
    this.leave = null;
    if (this.name) this.end(this.name);
    this.name = '';
  }

  private say(text: string, role: string): HTMLElement {
    const line = document.createElement('p');
    line.setAttribute('role', role);
    line.textContent = text; // never HTML: it names files
    line.style.padding = '0 16px';
    line.style.overflowWrap = 'anywhere';
    this.node.replaceChildren(line);
    return line;
  }

  private complain(error: unknown): void {
    this.say(error instanceof Error ? error.message : String(error), 'alert');
    if (!this.otherwise) return;
    const button = document.createElement('button');
    button.className = 'jp-mod-styled jp-mod-reject';
    button.style.marginLeft = '16px';
    button.textContent = this.otherwise.label;
    button.addEventListener('click', this.otherwise.open);
    this.node.append(button);
  }

  override dispose(): void {
    if (this.isDisposed) return;
    window.clearInterval(this.beat);
    window.removeEventListener('pagehide', this.leaving);
    this.stop();
    super.dispose();
  }

  /** The whole page goes; one that comes back opens its run again. */
  private readonly leaving = (): void => {
    if (this.name) this.end(this.name);
  };
  private readonly beat: number;
  private answered = false;
  private begun = false;
  private name = '';
  private opening: AbortController | null = null;
  private leave: (() => void) | null = null;
}
