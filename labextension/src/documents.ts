// Files that JupyterLab opens in the player. What a file is decides the server by its content, never its name: a name
// only says whether a double click tries ArenaLab first, or the menu "Open With" offers it.

import { ILayoutRestorer, JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { WidgetTracker } from '@jupyterlab/apputils';
import { ABCWidgetFactory, DocumentRegistry, DocumentWidget, TextModelFactory } from '@jupyterlab/docregistry';
import { Contents, ServerConnection } from '@jupyterlab/services';

import { arenaIcon } from './icon';
import { Player } from './player';
import { isPage, SavedPage } from './saved';

export const FACTORY = 'ArenaLab';
const MODEL = 'arenalab-nothing';

/** Kinds of file whose names are ours: a double click opens the player. */
const OURS: Partial<DocumentRegistry.IFileType>[] = [
  { name: 'arenalab-recording', displayName: 'ArenaLab Recording', extensions: ['.rec', '.rec.gz'] },
  {
    name: 'arenalab-trace',
    displayName: 'Go Execution Trace',
    extensions: ['.trace', '.trace.gz'],
    pattern: '^trace\\.out(\\.gz)?$'
  }
];
/** Kinds whose names many files have: they keep what opens them, and "Open With" offers the player, too. */
const OTHERS: Partial<DocumentRegistry.IFileType>[] = [
  { name: 'arenalab-lines', displayName: 'JSON Lines', extensions: ['.jsonl', '.jsonl.gz', '.json.gz'] },
  { name: 'arenalab-scenario', displayName: 'TOML', extensions: ['.toml', '.toml.gz'] },
  { name: 'arenalab-columns', displayName: 'NumPy Archive', extensions: ['.npz', '.npz.gz'] }
];

/** A model that holds nothing: a recording may be gigabytes, and it is the server that reads it. */
class NothingFactory extends TextModelFactory {
  override get name(): string {
    return MODEL;
  }

  override get contentType(): Contents.ContentType {
    return 'file';
  }

  override get fileFormat(): Contents.FileFormat {
    return null; // so that the content is not fetched
  }
}

type Document = DocumentWidget<Player | SavedPage>;

class PlayerFactory extends ABCWidgetFactory<Document> {
  constructor(
    options: DocumentRegistry.IWidgetFactoryOptions<Document>,
    private readonly app: JupyterFrontEnd,
    private readonly settings: ServerConnection.ISettings
  ) {
    super(options);
  }

  protected createNewWidget(context: DocumentRegistry.Context): Document {
    const { contents } = this.app.serviceManager;
    const content = isPage(context.path) ? new SavedPage(context, contents) : this.player(context);
    const made = new DocumentWidget({ content, context });
    made.title.icon = arenaIcon;
    let written = context.contentsModel?.last_modified;
    context.fileChanged.connect((_, { last_modified }) => {
      if (written && last_modified !== written) void content.start();
      written = last_modified;
    });
    return made;
  }

  private player(context: DocumentRegistry.Context): Player {
    const { commands, serviceManager } = this.app;
    return new Player({ path: serviceManager.contents.localPath(context.path) }, this.settings, {
      label: 'Open in the text editor',
      open: () => void commands.execute('docmanager:open', { path: context.path, factory: 'Editor' })
    });
  }
}

export const documents: JupyterFrontEndPlugin<void> = {
  id: 'arenalab:documents',
  description: 'Opens recordings, histories, scenarios and Go execution traces in the ArenaLab player.',
  autoStart: true,
  optional: [ILayoutRestorer],
  activate: (app: JupyterFrontEnd, restorer: ILayoutRestorer | null) => {
    const { docRegistry, serviceManager } = app;
    for (const kind of OURS) docRegistry.addFileType({ ...kind, contentType: 'file', fileFormat: 'base64', icon: arenaIcon });
    for (const kind of OTHERS) docRegistry.addFileType({ ...kind, contentType: 'file' });
    docRegistry.addModelFactory(new NothingFactory());
    const names = (kinds: Partial<DocumentRegistry.IFileType>[]) => kinds.map(({ name }) => name as string);
    const factory = new PlayerFactory(
      {
        name: FACTORY,
        modelName: MODEL,
        fileTypes: [...names(OURS), ...names(OTHERS), 'json', 'html'],
        defaultFor: names(OURS),
        readOnly: true
      },
      app,
      serviceManager.contents.serverSettings ?? serviceManager.serverSettings
    );
    const tracker = new WidgetTracker<Document>({ namespace: 'arenalab' });
    factory.widgetCreated.connect((_, made) => {
      made.context.pathChanged.connect(() => void tracker.save(made));
      void tracker.add(made);
    });
    void restorer?.restore(tracker, {
      command: 'docmanager:open',
      args: ({ context }) => ({ path: context.path, factory: FACTORY }),
      name: ({ context }) => context.path
    });
    docRegistry.addWidgetFactory(factory);
  }
};
