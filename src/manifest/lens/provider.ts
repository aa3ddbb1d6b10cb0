import * as vscode from 'vscode';
import type { Cluster } from '../../cluster/cluster';
import type { ClusterFindings } from '../../workspace/findings/clusterFindings';
import { faultCount } from '../../workspace/findings/faultCount';
import type { FoundInCluster } from '../../workspace/findings/foundInCluster';
import { runInSlices } from '../../workspace/slices';
import { isPast, type Manifests } from '../manifests';
import type { Choice, ClusterChoice } from '../clusterChoice';
import { differsFrom } from './differsFrom';
import type { Answer, Facts } from './facts';
import { lensText, portLensText } from './lensText';
import { placeManifests, type PlacedManifest } from './names';
import { serviceOf, type ManifestName } from './readManifest';

export const commands = {
  trace: 'kubeProxyInspector.manifest.traceService',
  preview: 'kubeProxyInspector.manifest.previewFlow',
  show: 'kubeProxyInspector.manifest.showFacts',
  choose: 'kubeProxyInspector.manifest.chooseCluster',
} as const;

/** The argument of the command that traces a manifest's Service. */
export interface TraceArgument {
  readonly uri: string;
  readonly namespace: string;
  readonly service: string;
  /** As the manifest has it; without it the user is asked where there are several. */
  readonly port?: { readonly name: string; readonly port: number; readonly protocol: string };
}

/** A lens above a manifest or, with `port`, above one of a Service's ports. */
class ManifestLens extends vscode.CodeLens {
  constructor(
    range: vscode.Range,
    readonly uri: vscode.Uri,
    readonly manifest: ManifestName,
    readonly port?: number,
  ) {
    super(range);
  }
}

/** Lenses of one document that look by themselves whether the cluster has the same. */
const mostAsked = 50;

/** JSON without line breaks has all its objects on one line. */
const mostOnALine = 10;

/** Lenses wait this long for a cluster, in milliseconds, before they say that they wait. */
const patience = 700;

/** Changes within this time, in milliseconds, redraw the lenses once. */
const settle = 300;

/** Lenses above Services, EndpointSlices and Endpoints: provided from the text alone, resolved when seen. */
export class ManifestLenses implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly listening: vscode.Disposable;
  private readonly before = new WeakMap<vscode.TextDocument, readonly PlacedManifest[]>();
  private timer: NodeJS.Timeout | undefined;

  readonly onDidChangeCodeLenses = this.changed.event;

  constructor(
    private readonly manifests: Manifests,
    private readonly choice: ClusterChoice,
    private readonly facts: Facts,
    private readonly findings: Pick<ClusterFindings, 'of' | 'onDidChange'>,
  ) {
    this.listening = vscode.Disposable.from(
      choice.onDidChange(() => {
        this.facts.forget();
        this.redrawSoon();
      }),
      findings.onDidChange(() => this.redrawSoon()),
    );
  }

  dispose(): void {
    clearTimeout(this.timer);
    vscode.Disposable.from(this.listening, this.changed).dispose();
  }

  private redrawSoon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.changed.fire();
    }, settle);
  }

  async provideCodeLenses(
    document: vscode.TextDocument,
    token: vscode.CancellationToken,
  ): Promise<vscode.CodeLens[]> {
    if (isPast(document)) return [];
    const { manifest, rest } = await this.manifests.soon(document);
    void rest?.finally(() => this.redrawSoon()).catch(() => undefined);
    if (!manifest || token.isCancellationRequested || manifest.objects.length === 0) return [];
    const before = this.before.get(document) ?? [];
    const placed = await runInSlices(placeManifests(manifest.objects, before));
    if (document.version !== manifest.version) return [];
    this.before.set(document, placed);
    const lenses = await this.lensesOf(document, placed);
    return document.version === manifest.version ? lenses : [];
  }

  async resolveCodeLens(lens: vscode.CodeLens): Promise<vscode.CodeLens> {
    if (!(lens instanceof ManifestLens)) return lens;
    const choice = await this.choice.of(lens.uri);
    if (choice)
      lens.command = commandOf(lens, choice.cluster, await this.answer(lens, choice.cluster));
    return lens;
  }

  /** What is known soon; what comes later redraws the lenses. */
  private async answer({ manifest }: ManifestLens, cluster: Cluster): Promise<Answer | undefined> {
    const { service } = manifest;
    if (service === undefined || !this.choice.mayAsk(cluster)) return undefined;
    const namespace = manifest.namespace ?? cluster.namespace;
    const answer = this.facts.of(cluster, namespace, service);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Answer>((resolve) => {
      timer = setTimeout(() => resolve({ state: 'asking' }), patience);
    });
    const first = await Promise.race([answer, late]);
    clearTimeout(timer);
    if (first.state === 'asking') void answer.then(() => this.redrawSoon());
    return first;
  }

  /** Of those that are known by now; what is known later redraws the lenses. */
  private previewLenses(lenses: readonly ManifestLens[], cluster: Cluster): vscode.CodeLens[] {
    return lenses.flatMap((lens) => {
      const { manifest, port } = lens;
      const { service, namespace = cluster.namespace } = manifest;
      if (service === undefined || port !== undefined) return [];
      const known = this.facts.peek(cluster, namespace, service);
      if (known) return differsFrom(manifest, known) ? [previewLens(lens, namespace)] : [];
      // A long list is not asked about before it is seen.
      if (lenses.length > mostAsked) return [];
      void this.facts.of(cluster, namespace, service).then((answer) => {
        if (differsFrom(manifest, answer)) this.redrawSoon();
      });
      return [];
    });
  }

  private async lensesOf(
    document: vscode.TextDocument,
    placed: readonly PlacedManifest[],
  ): Promise<vscode.CodeLens[]> {
    const { uri } = document;
    const rangeAt = (offset: number) => {
      const { line } = document.positionAt(offset);
      return new vscode.Range(line, 0, line, 0);
    };
    const [first] = placed;
    if (!first) return [];
    const choice = await this.choice.of(uri);
    if (!choice) return [noCluster(rangeAt(first.start), await this.choice.any())];
    const asked = this.choice.mayAsk(choice.cluster);
    const lenses = placed.flatMap(({ manifest, start, ports }) => [
      new ManifestLens(rangeAt(start), uri, manifest),
      ...(ports.length < 2
        ? []
        : ports.map((port, i) => new ManifestLens(rangeAt(port), uri, manifest, i))),
    ]);
    for (const lens of lenses) {
      const { namespace, service } = lens.manifest;
      if (service === undefined) continue;
      const known = this.facts.peek(choice.cluster, namespace ?? choice.cluster.namespace, service);
      // What is known stays while somebody types.
      if (known) lens.command = commandOf(lens, choice.cluster, known);
    }
    const previews = asked ? this.previewLenses(lenses, choice.cluster) : [];
    const found = asked ? this.findings.of(choice.cluster) : undefined;
    const faults = found ? lenses.flatMap((lens) => faultLens(lens, choice.cluster, found)) : [];
    return [
      ...withoutCrowds([...lenses, ...previews, ...faults]),
      ...clusterLenses(rangeAt(first.start), uri, choice, asked),
    ];
  }
}

/** "Preview flow": above what the cluster does not have like this. */
function previewLens({ range, uri, manifest }: ManifestLens, namespace: string): vscode.CodeLens {
  const service = `${namespace}/${manifest.service}`;
  return new vscode.CodeLens(range, {
    title: `$(eye) ${vscode.l10n.t('Preview flow')}`,
    tooltip: vscode.l10n.t(
      'Draw the way of packets to {0} as it would be with this manifest',
      service,
    ),
    command: commands.preview,
    arguments: [{ uri: uri.toString(), namespace, service: manifest.service }],
  });
}

function commandOf(
  lens: ManifestLens,
  cluster: Cluster,
  answer: Answer | undefined,
): vscode.Command {
  const { manifest, port: index, uri } = lens;
  const namespace = manifest.namespace ?? cluster.namespace;
  const asked = { cluster: cluster.title, namespace, answer };
  const text =
    index === undefined
      ? lensText(vscode.l10n, manifest, asked)
      : portLensText(vscode.l10n, manifest, index, asked);
  const { title, tooltip } = text;
  if (!text.traces || manifest.service === undefined) return { title, tooltip, command: '' };
  const port = index === undefined ? undefined : serviceOf(manifest)?.spec.ports[index];
  const argument: TraceArgument = {
    uri: uri.toString(),
    namespace,
    service: manifest.service,
    ...(port && { port: { name: port.name, port: port.port, protocol: port.protocol } }),
  };
  return { title, tooltip, command: commands.trace, arguments: [argument] };
}

/** `2 findings`: what the nodes' dumps show of the Service, and the way to its page. */
function faultLens(
  { manifest, port, range }: ManifestLens,
  cluster: Cluster,
  found: FoundInCluster,
): readonly vscode.CodeLens[] {
  const { service, namespace = cluster.namespace } = manifest;
  if (service === undefined || port !== undefined || manifest.kind !== 'Service') return [];
  const faults = found.services.get(`${namespace}/${service}`) ?? [];
  if (faults.length === 0) return [];
  const object = { metadata: { namespace, name: service } };
  return [
    new vscode.CodeLens(range, {
      title: `$(warning) ${faultCount(vscode, faults.length)}`,
      tooltip: faults.map(({ message }) => message).join('\n'),
      command: 'kubeProxyInspector.explorer.whatIsWrong',
      arguments: [{ target: { kind: 'service', cluster, service: object } }],
    }),
  ];
}

/** Above the first manifest: the cluster that is asked, and the offer to ask it. */
function clusterLenses(
  range: vscode.Range,
  uri: vscode.Uri,
  { cluster, open }: Choice,
  asked: boolean,
): vscode.CodeLens[] {
  const show = {
    title: vscode.l10n.t('Show what {0} has', cluster.title),
    tooltip: vscode.l10n.t('Asks {0} for its Services and EndpointSlices', cluster.detail),
    command: commands.show,
    arguments: [uri.toString()],
  };
  const choose = {
    title: `$(server-environment) ${cluster.title}`,
    tooltip: vscode.l10n.t('Compare with another cluster or snapshot'),
    command: commands.choose,
  };
  return [
    ...(asked ? [] : [new vscode.CodeLens(range, show)]),
    ...(open ? [new vscode.CodeLens(range, choose)] : []),
  ];
}

function noCluster(range: vscode.Range, any: boolean): vscode.CodeLens {
  return new vscode.CodeLens(
    range,
    any
      ? {
          title: vscode.l10n.t('No cluster: choose one'),
          tooltip: vscode.l10n.t('The kubeconfig has no current context'),
          command: commands.choose,
        }
      : {
          title: vscode.l10n.t('No cluster: open the explorer'),
          tooltip: vscode.l10n.t('It takes a kubeconfig, or a snapshot of a cluster'),
          command: 'kubeProxyInspector.explorer.focus',
        },
  );
}

function withoutCrowds(lenses: readonly vscode.CodeLens[]): vscode.CodeLens[] {
  const counts = new Map<number, number>();
  return lenses.filter(({ range }) => {
    const count = (counts.get(range.start.line) ?? 0) + 1;
    counts.set(range.start.line, count);
    return count <= mostOnALine;
  });
}
