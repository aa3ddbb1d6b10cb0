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
  read?: ReturnType<typeof objectReader>;
  /** What the first reading has found so far. */
  first?: Manifest;
  version: number;
  manifest: Promise<Manifest | undefined>;
}

/** How long, in milliseconds, `soon` waits. */
const moment = 60;

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

  /**
   * The same, but of a large document that was just opened what was read within a moment: its
   * beginning, which is likely to be in view. `rest` ends when all is read.
   */
  async soon(
    document: vscode.TextDocument,
  ): Promise<{ readonly manifest: Manifest | undefined; readonly rest?: Promise<unknown> }> {
    const whole = this.of(document);
    const late = new Promise<undefined>((resolve) => {
      setTimeout(() => resolve(undefined), moment);
    });
    const done = await Promise.race([whole.then((manifest) => ({ manifest })), late]);
    if (done) return done;
    const first = this.readings.get(document)?.first;
    if (first?.version !== document.version || first.objects.length === 0) {
      return { manifest: await whole };
    }
    return { manifest: { ...first, objects: [...first.objects] }, rest: whole };
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
    const objects: YamlObject[] = [];
    if (!reading.read) {
      reading.read = objectReader(await import('../syntax/yaml/parse'), this.kinds);
      reading.first = { version, objects };
    }
    await runInSlices(reading.read(text, objects));
    reading.first = undefined;
    return { version, objects };
  }
}
