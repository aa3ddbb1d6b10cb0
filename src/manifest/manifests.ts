import * as vscode from 'vscode';
import { mentionOf, objectReader, type YamlObject } from '../syntax/yaml/objects';
import { runInSlices } from '../workspace/slices';

/** The objects of one version of a document; offsets are those of its text then. */
export interface Manifest {
  readonly version: number;
  readonly objects: readonly YamlObject[];
}

interface Reading {
  /** Loaded with the first text that names one of the kinds. */
  read?: (text: string) => Generator<undefined, YamlObject[]>;
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

  private readonly mention: RegExp;

  constructor(private readonly kinds: readonly string[]) {
    this.mention = mentionOf(kinds);
  }

  dispose(): void {
    this.closing.dispose();
    this.readings.clear();
  }

  /** undefined where the document has changed again meanwhile: whoever asks will be asked again. */
  async of(document: vscode.TextDocument): Promise<Manifest | undefined> {
    const reading = this.readings.get(document) ?? {
      version: -1,
      manifest: Promise.resolve(undefined),
    };
    this.readings.set(document, reading);
    if (reading.version !== document.version) {
      reading.version = document.version;
      const before = reading.manifest;
      reading.manifest = this.read(document, reading, before);
    }
    const manifest = await reading.manifest;
    return manifest?.version === document.version ? manifest : undefined;
  }

  /** One after another: the next finds parsed what did not change. */
  private async read(
    document: vscode.TextDocument,
    reading: Reading,
    before: Promise<unknown>,
  ): Promise<Manifest | undefined> {
    await before.catch(() => undefined);
    const { version } = document;
    if (document.isClosed) return undefined;
    const text = document.getText();
    if (!this.mention.test(text)) return { version, objects: [] };
    reading.read ??= objectReader(await import('../syntax/yaml/parse'), this.kinds);
    return { version, objects: await runInSlices(reading.read(text)) };
  }
}
