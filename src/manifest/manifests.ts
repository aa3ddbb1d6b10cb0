import * as vscode from 'vscode';
import type { YamlObject } from '../syntax/yaml/objects';
import { runInSlices } from '../workspace/slices';

/** The objects of one version of a document; offsets are those of its text then. */
export interface Manifest {
  readonly version: number;
  readonly objects: readonly YamlObject[];
}

interface Reading {
  readonly read: Promise<(text: string) => Generator<undefined, YamlObject[]>>;
  version: number;
  manifest: Promise<Manifest | undefined>;
}

/** Other languages of YAML files, Helm's templates among them, are not plain YAML. */
export const manifestSelector: vscode.DocumentSelector = ['yaml', 'json', 'jsonc'];

/** The past that a version control shows is not asked about the present. */
export function isPast({ uri }: vscode.TextDocument): boolean {
  return /^(git|gitlens|git-graph|review|pr)$/.test(uri.scheme);
}

/** The objects of some kinds in the open manifests, parsed when first asked for, in slices. */
export class Manifests implements vscode.Disposable {
  private readonly readings = new Map<vscode.TextDocument, Reading>();
  private readonly closing = vscode.workspace.onDidCloseTextDocument((document) =>
    this.readings.delete(document),
  );

  constructor(private readonly kinds: readonly string[]) {}

  dispose(): void {
    this.closing.dispose();
    this.readings.clear();
  }

  /** undefined where the document has changed again meanwhile: whoever asks will be asked again. */
  async of(document: vscode.TextDocument): Promise<Manifest | undefined> {
    const reading = this.readings.get(document) ?? this.begin();
    this.readings.set(document, reading);
    if (reading.version !== document.version) {
      reading.version = document.version;
      const before = reading.manifest;
      reading.manifest = this.read(document, reading, before);
    }
    const manifest = await reading.manifest;
    return manifest?.version === document.version ? manifest : undefined;
  }

  private begin(): Reading {
    const read = Promise.all([
      import('../syntax/yaml/parse'),
      import('../syntax/yaml/objects'),
    ]).then(([yaml, { objectReader }]) => objectReader(yaml, this.kinds));
    return { read, version: -1, manifest: Promise.resolve(undefined) };
  }

  /** One after another: the next finds parsed what did not change. */
  private async read(
    document: vscode.TextDocument,
    { read }: Reading,
    before: Promise<unknown>,
  ): Promise<Manifest | undefined> {
    await before;
    const reader = await read;
    const { version } = document;
    if (document.isClosed) return undefined;
    return { version, objects: await runInSlices(reader(document.getText())) };
  }
}
