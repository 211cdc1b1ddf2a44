// The launcher's cards and the palette's commands: the course, and a workbench on a scenario.

import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, InputDialog, MainAreaWidget, Notification, showErrorMessage } from '@jupyterlab/apputils';
import { ILauncher } from '@jupyterlab/launcher';
import { ServerConnection } from '@jupyterlab/services';

import { arenaIcon } from './icon';
import { Player } from './player';
import { ask } from './server';

const CATEGORY = 'ArenaLab';
const COURSE = 'arenalab:open-course';
const WORKBENCH = 'arenalab:open-workbench';

/** Have the course copied and opened; what was copied is said. */
async function openCourse(app: JupyterFrontEnd, settings: ServerConnection.ISettings): Promise<void> {
  const course = await ask<{ path: string; said: string[] }>(settings, ['course'], { method: 'POST' });
  for (const line of course.said) Notification.info(line);
  await app.commands.execute('docmanager:open', { path: course.path });
}

/** Let one of the scenarios be chosen, and show it in the player. */
async function openWorkbench(app: JupyterFrontEnd, settings: ServerConnection.ISettings, scenario?: string): Promise<void> {
  const name = scenario ?? (await chosen(settings));
  if (!name) return;
  const widget = new MainAreaWidget({ content: new Player({ scenario: name }, settings) });
  widget.title.label = name;
  widget.title.icon = arenaIcon;
  widget.title.closable = true;
  app.shell.add(widget, 'main');
}

async function chosen(settings: ServerConnection.ISettings): Promise<string> {
  const offered = await ask<[string, string][]>(settings, ['scenarios'], { method: 'GET' });
  const items = offered.map(([name, about]) => `${name}: ${about}`);
  const { value } = await InputDialog.getItem({
    title: 'Scenario to look at',
    label: 'Small programs, one for each rule of the runtime; type to find one',
    items,
    editable: true,
    okLabel: 'Open'
  });
  return (value ?? '').split(':')[0].trim();
}

export const launcher: JupyterFrontEndPlugin<void> = {
  id: 'arenalab:launcher',
  description: 'Opens the ArenaLab course and workbench from the launcher and the command palette.',
  autoStart: true,
  optional: [ILauncher, ICommandPalette],
  activate: (app: JupyterFrontEnd, cards: ILauncher | null, palette: ICommandPalette | null) => {
    const { contents, serverSettings } = app.serviceManager;
    const settings = contents.serverSettings ?? serverSettings;
    const add = (command: string, rank: number, words: { card: string; palette: string; caption: string }, open: (given?: string) => Promise<void>) => {
      app.commands.addCommand(command, {
        label: ({ isPalette }) => (isPalette ? words.palette : words.card),
        caption: words.caption,
        icon: ({ isPalette }) => (isPalette ? undefined : arenaIcon),
        execute: ({ scenario }) =>
          open(scenario as string | undefined).catch(error => showErrorMessage(`${words.card} can not be opened`, error))
      });
      cards?.add({ command, category: CATEGORY, rank });
      palette?.addItem({ command, category: CATEGORY, args: { isPalette: true } });
    };
    const course = 'Your own copy of the chapters: how Go frees many objects at once, step by step';
    const workbench = 'A small program in every explorer, step by step, without a kernel';
    add(COURSE, 1, { card: 'ArenaLab Course', palette: 'Open the Course', caption: course }, () => openCourse(app, settings));
    add(WORKBENCH, 2, { card: 'ArenaLab Workbench', palette: 'Open a Scenario in the Workbench', caption: workbench }, given =>
      openWorkbench(app, settings, given)
    );
  }
};
