import * as l10n from '@vscode/l10n';
import type { Disposable } from 'vscode';
import { errorText, isCancelled } from '../../cluster/error';
import { limiter } from '../../cluster/live/limit';
import { faultsOf, type Finding } from '../../core/finding';
import type { NodeState } from '../../core/node';
import { comparable } from '../../core/objects/objectIndex';
import { readLine, type OverviewLine } from '../../core/flow/overview/line';
import { programmedService, type ProgrammedService } from '../../core/flow/overview/programmed';
import { overviewRow } from '../../core/flow/overview/row';
import { wantedPort } from '../../core/flow/overview/wanted';
import {
  portObjects,
  type PortObjects,
  type WantedPort,
} from '../../core/expected/agreement/endpoints';
import type { IndexedObjects } from '../../core/objects/types';
import { runInSlices, type Stopping } from '../../workspace/slices';
import type { OverviewProgress, ToWebview } from '../protocol';
import type { ListedNode, OverviewNodes } from './nodes';

/** What the overview needs of the panel and of VS Code. */
export interface OverviewHost {
  post(message: ToWebview): void;
  warn(message: string): void;
  /** How many nodes may be fetched at a time. */
  parallelNodes(): number;
  /** Asks whether the dumps of so many nodes are to be fetched. */
  agrees(nodes: number): Promise<boolean>;
  /** All that is wrong with a node. */
  findings(
    state: NodeState,
    objects: IndexedObjects | undefined,
    token: Stopping,
  ): Promise<readonly Finding[]>;
}

/** What is kept of a node: no rules, so that 1,000 nodes fit into memory. */
interface Kept {
  line: OverviewLine;
  capture: string | undefined;
  programmed?: ProgrammedService;
  /** How many errors and warnings its dumps show. */
  findings?: number;
}

/** One run of fetches; what is asked for meanwhile joins it. */
interface Fetching {
  readonly stop: AbortController;
  readonly atATime: ReturnType<typeof limiter>;
  done: number;
  of: number;
}

/** Rows are sent so many milliseconds after the first that is new. */
const settle = 100;
/** More nodes are fetched only after a question: each is asked some twenty commands. */
const mostUnasked = 50;
/** So many nodes may have their row before their findings are counted: what was read of them is held. */
const mostUncounted = 8;
/** Changes within this time, in milliseconds, are looked at together. */
const rest = 300;

/**
 * Reads one node after the other and sends the rows as they come. Holds no node's rules longer than
 * it reads them.
 */
export class Overview implements Disposable {
  private readonly kept = new Map<string, Kept>();
  private readonly toRead = new Set<string>();
  /** Nodes that have their row, and whose findings are not counted yet. */
  private readonly toCount = new Map<string, NodeState>();
  private readonly unsent = new Set<string>();
  private readonly subscription: Disposable;
  private readonly oneAtATime = limiter(() => 1);
  private objects: IndexedObjects | undefined;
  /** Those of the dumps' time. */
  private captured: IndexedObjects | undefined;
  private wanted: WantedPort;
  private port: PortObjects | undefined;
  private stopping = { isCancellationRequested: false };
  private fetching: Fetching | undefined;
  private reading: { done: number; of: number } | undefined;
  private sending: NodeJS.Timeout | undefined;
  private checking: NodeJS.Timeout | undefined;
  private disposed = false;

  constructor(
    private readonly nodes: OverviewNodes,
    private readonly service: string,
    private readonly host: OverviewHost,
  ) {
    this.wanted = { id: service, family: nodes.family };
    this.subscription = nodes.onDidChange((node) => {
      if (node === undefined) this.checkSoon();
      else if (this.kept.has(node)) this.read([node]);
    });
  }

  dispose(): void {
    this.disposed = true;
    this.stop();
    clearTimeout(this.sending);
    clearTimeout(this.checking);
    this.subscription.dispose();
  }

  /** Lists the nodes; rejects when it can't. */
  async list(): Promise<void> {
    const listed = await this.nodes.list();
    await this.readObjects();
    for (const node of listed) this.add(node);
  }

  /** Begins to read the nodes whose dumps are held; rows are sent from now on. */
  begin(): void {
    this.resume();
  }

  /** The rows as they are now. */
  get lines(): readonly OverviewLine[] {
    return [...this.kept.values()].map(({ line }) => line);
  }

  get progress(): OverviewProgress | undefined {
    const { fetching, reading } = this;
    if (fetching) return { what: 'fetch', done: fetching.done, of: fetching.of };
    return reading && { what: 'read', ...reading };
  }

  /** Ends reading and fetching; what was read stays. */
  stop(): void {
    this.fetching?.stop.abort();
    this.fetching = undefined;
    this.stopping.isCancellationRequested = true;
    this.stopping = { isCancellationRequested: false };
    this.toRead.clear();
    this.toCount.clear();
    this.reading = undefined;
    this.sendSoon();
  }

  /** Reads what `stop` left, and what failed. */
  resume(): void {
    const open = [...this.kept].filter(
      ([, { line }]) => line.state === 'waiting' || (line.state === 'failed' && !this.nodes.fetch),
    );
    this.read(open.map(([name]) => name));
  }

  /**
   * Fetches the dumps of nodes, several at a time.
   *
   * @param node Without it all that are not fetched yet, or when there are none, all anew.
   */
  async fetch(node: string | undefined): Promise<void> {
    const { fetch } = this.nodes;
    if (!fetch) return;
    const all = [...this.kept.keys()];
    const isIn = (name: string, ...states: OverviewLine['state'][]) =>
      states.includes(this.kept.get(name)!.line.state);
    const lacking = all.filter(
      (name) =>
        isIn(name, 'not-fetched', 'failed') || this.kept.get(name)!.line.partial !== undefined,
    );
    const wanted = node === undefined ? (lacking.length > 0 ? lacking : all) : [node];
    const names = wanted.filter((name) => this.kept.has(name) && !isIn(name, 'fetching'));
    if (names.length > mostUnasked && !(await this.host.agrees(names.length))) return;
    const fetching = (this.fetching ??= {
      stop: new AbortController(),
      atATime: limiter(() => this.host.parallelNodes()),
      done: 0,
      of: 0,
    });
    fetching.of += names.length;
    await Promise.all(names.map((name) => this.fetchOne(fetching, fetch, name)));
    if (fetching.done === fetching.of && this.fetching === fetching) this.fetching = undefined;
    this.sendSoon();
    await this.oneAtATime(() => this.countAll(this.stopping));
  }

  private async fetchOne(
    fetching: Fetching,
    fetch: NonNullable<OverviewNodes['fetch']>,
    name: string,
  ): Promise<void> {
    const { atATime } = fetching;
    const { signal } = fetching.stop;
    const before = this.kept.get(name)!.line;
    this.set(name, { node: name, state: 'fetching' });
    try {
      await atATime(async () => {
        const state = await fetch(name, signal);
        await this.oneAtATime(() => this.take(name, state, signal));
      }, signal);
    } catch (error) {
      if (!isCancelled(error) && !signal.aborted) this.fail(name, error);
    }
    // Stopped: what was known before still is.
    if (this.kept.get(name)?.line.state === 'fetching') this.set(name, before);
    fetching.done++;
    this.sendSoon();
  }

  private add({ name, held }: ListedNode): void {
    const state = held ? 'waiting' : 'not-fetched';
    this.kept.set(name, { line: { node: name, state }, capture: undefined });
    this.unsent.add(name);
  }

  private read(names: readonly string[]): void {
    for (const name of names) this.toRead.add(name);
    if (this.reading) {
      this.reading.of = this.reading.done + this.toRead.size;
      return;
    }
    if (this.toRead.size === 0) return;
    const reading = (this.reading = { done: 0, of: this.toRead.size });
    const token = this.stopping;
    void (async () => {
      for (const name of this.toRead) {
        this.toRead.delete(name);
        await this.oneAtATime(async () => {
          if (!token.isCancellationRequested) await this.readOne(name, token);
        });
        if (token.isCancellationRequested) return;
        reading.done++;
      }
      this.reading = undefined;
      this.sendSoon();
      await this.oneAtATime(() => this.countAll(token));
    })();
  }

  private async readOne(name: string, token: Stopping): Promise<void> {
    try {
      await this.take(name, await this.nodes.state(name), undefined, token);
    } catch (error) {
      if (!token.isCancellationRequested) this.fail(name, error);
    }
  }

  private async take(
    name: string,
    state: NodeState,
    signal?: AbortSignal,
    token: Stopping = this.stopping,
  ): Promise<void> {
    const reading = programmedService({ ...state, name }, this.wanted, this.objects);
    const programmed = await runInSlices(reading, token);
    if (signal?.aborted || this.disposed) return;
    const kept = this.kept.get(name);
    if (!kept) return;
    kept.programmed = programmed;
    kept.capture = this.nodes.capture(name);
    delete kept.findings;
    this.compare(name);
    this.toCount.set(name, state);
    if (this.toCount.size >= mostUncounted) await this.countAll(token);
  }

  /** All that is wrong with a node takes longer than its row: rows come first. */
  private async countAll(token: Stopping): Promise<void> {
    for (const [name, state] of this.toCount) {
      this.toCount.delete(name);
      if (token.isCancellationRequested || this.disposed) return;
      await this.count(name, state, token);
    }
  }

  private async count(name: string, state: NodeState, token: Stopping) {
    try {
      const findings = await this.host.findings(state, this.captured, token);
      const kept = this.kept.get(name);
      if (!kept || this.disposed) return;
      kept.findings = faultsOf(findings).length;
      this.compare(name);
    } catch (error) {
      if (!isCancelled(error)) this.host.warn(`Findings of ${name}: ${String(error)}`);
    }
  }

  private compare(name: string): void {
    const { programmed, findings } = this.kept.get(name) ?? {};
    if (programmed && this.port) {
      this.set(name, readLine(name, overviewRow(programmed, this.port), findings));
    }
  }

  private fail(name: string, error: unknown): void {
    const reason = errorText(error);
    this.host.warn(`Overview of ${this.service}: ${name}: ${reason}`);
    this.set(name, { node: name, state: 'failed', reason });
  }

  private set(name: string, line: OverviewLine): void {
    const kept = this.kept.get(name);
    if (!kept || JSON.stringify(kept.line) === JSON.stringify(line)) return;
    kept.line = line;
    this.unsent.add(name);
    this.sendSoon();
  }

  private sendSoon(): void {
    if (this.disposed) return;
    this.sending ??= setTimeout(() => {
      this.sending = undefined;
      const lines = [...this.unsent].flatMap((name) => this.kept.get(name)?.line ?? []);
      this.unsent.clear();
      this.host.post({ type: 'overview-rows', lines, progress: this.progress });
    }, settle);
  }

  private async readObjects(): Promise<void> {
    let lacking: string | undefined;
    try {
      const objects = await this.nodes.objects();
      this.objects = objects && comparable(objects);
    } catch (error) {
      // No right to list EndpointSlices: what is programmed can be told all the same.
      lacking = errorText(error);
      this.objects = undefined;
      this.host.warn(`Overview of ${this.service}: ${lacking}`);
    }
    this.captured = await this.nodes.captured().catch(() => undefined);
    this.wanted = wantedPort(this.service, this.nodes.family, this.objects);
    const port = portObjects(this.objects, this.wanted);
    this.port = lacking === undefined ? port : { ...port, lacking };
  }

  private checkSoon(): void {
    this.checking ??= setTimeout(() => {
      this.checking = undefined;
      void this.check().catch((error: unknown) => this.host.warn(`Overview: ${String(error)}`));
    }, rest);
  }

  private forgetRules(): void {
    for (const kept of this.kept.values()) {
      if (kept.programmed) kept.programmed = { ...kept.programmed, otherRules: undefined };
    }
  }

  /** New captures are read, and what objects say anew is compared with what is known of the nodes. */
  private async check(): Promise<void> {
    const listed = await this.nodes.list();
    const before = JSON.stringify([this.port?.service, this.port?.slices]);
    await this.readObjects();
    if (this.disposed) return;
    const isOther = JSON.stringify([this.port?.service, this.port?.slices]) !== before;
    // What rules should be follows from objects: without the rules only endpoints can be judged anew.
    if (isOther) this.forgetRules();
    const changed: string[] = [];
    for (const node of listed) {
      const kept = this.kept.get(node.name);
      if (!kept) this.add(node);
      const isNew =
        !kept || kept.capture !== this.nodes.capture(node.name) || (isOther && !this.nodes.fetch);
      if (node.held && isNew && kept?.line.state !== 'fetching') changed.push(node.name);
      else if (kept?.line.state === 'read') this.compare(node.name);
    }
    const names = new Set(listed.map(({ name }) => name));
    for (const name of this.kept.keys()) {
      if (names.has(name)) continue;
      const reason = l10n.t('There is no such node any more.');
      this.set(name, { node: name, state: 'failed', reason });
    }
    this.read(changed);
    this.sendSoon();
  }
}
