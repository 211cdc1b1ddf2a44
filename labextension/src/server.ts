// What is asked of ArenaLab's part of the server; the token and the rest are JupyterLab's to send.

import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

/** Return the address of a part of ArenaLab. */
export function address(settings: ServerConnection.ISettings, ...parts: string[]): string {
  return URLExt.join(settings.baseUrl, 'arenalab', ...parts.map(encodeURIComponent));
}

/** What the server has refused, in a sentence for the reader. */
export class Refusal extends Error {
  constructor(
    message: string,
    readonly status: number
  ) {
    super(message);
  }
}

/**
 * Ask, and return the answer's JSON.
 *
 * Throws a Refusal, or an Error where nobody answers; the message is a sentence for the reader.
 */
export async function ask<T>(
  settings: ServerConnection.ISettings,
  parts: string[],
  init: RequestInit
): Promise<T> {
  const response = await ServerConnection.makeRequest(address(settings, ...parts), init, settings);
  if (response.ok) return response.status === 204 ? (undefined as T) : response.json();
  throw new Refusal(await complaint(response), response.status);
}

/** Return what a refusal says. */
async function complaint(response: Response): Promise<string> {
  try {
    const { message } = await response.json();
    if (message) return String(message);
  } catch {
    // no JSON: a proxy in between, or a server without ArenaLab
  }
  return response.status === 404
    ? "ArenaLab's server part is not loaded: `jupyter server extension list` names arenalab.jupyter where it is"
    : `the server answered ${response.status} ${response.statusText}`;
}
