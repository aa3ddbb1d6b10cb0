import * as vscode from 'vscode';
import { isCancelled } from '../cluster/error';
import { plainText } from '../core/plainText';
import type { Sources } from '../workspace/clusters/sources';
import { badgeUri } from './badges';
import { clusterNode } from './tree/clusters';
import { faultCount } from '../workspace/findings/faultCount';
import type { TreeNode, TreeWorld } from './tree/node';
import { stateNode } from './tree/states';
import * as l10n from '@vscode/l10n';

/** Changes within this time, in milliseconds, redraw the tree once. */
const settle = 250;
/** How long, in milliseconds, a redraw may wait for what is being expanded. */
const patience = 3000;

/** The tree as VS Code wants it. Asks for nothing before the view is open. */
export class ExplorerProvider implements vscode.TreeDataProvider<TreeNode>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<undefined>();
  private readonly parents = new Map<string, TreeNode>();
  private readonly listening: vscode.Disposable;
  private timer: NodeJS.Timeout | undefined;
  /** Since when changes wait to be drawn; what getChildren still owes VS Code, and gave it last. */
  private waiting: number | undefined;
  private expanding = 0;
  private expanded = 0;
  private asking = new AbortController();

  readonly onDidChangeTreeData = this.changed.event;

  constructor(
    private readonly sources: Sources,
    private readonly world: TreeWorld,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.listening = sources.onDidChange(() => this.redrawSoon());
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.asking.abort();
    vscode.Disposable.from(this.listening, this.changed).dispose();
  }

  redraw(): void {
    clearTimeout(this.timer);
    this.timer = this.waiting = undefined;
    this.changed.fire(undefined);
  }

  /** VS Code closes again what it is just expanding when the tree is redrawn: that goes first. */
  redrawSoon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      const now = performance.now();
      this.waiting ??= now;
      const expanding = this.expanding > 0 || now - this.expanded < settle;
      if (expanding && now - this.waiting < patience) this.redrawSoon();
      else this.redraw();
    }, settle);
  }

  /** Ends the requests of the present look, before all is asked again. */
  stop(): void {
    this.asking.abort();
    this.asking = new AbortController();
  }

  async getChildren(parent?: TreeNode): Promise<TreeNode[]> {
    let children: readonly TreeNode[];
    this.expanding++;
    try {
      children = parent
        ? ((await parent.children?.(this.asking.signal)) ?? [])
        : await this.roots();
    } catch (error) {
      if (!isCancelled(error)) this.log.warn(`${parent?.label ?? ''}: ${String(error)}`);
      children = [stateNode(this.world, parent?.id ?? '', error)];
    } finally {
      this.expanding--;
      this.expanded = performance.now();
    }
    if (parent) for (const child of children) this.parents.set(child.id, parent);
    return [...children];
  }

  getParent({ id }: TreeNode): TreeNode | undefined {
    return this.parents.get(id);
  }

  private async roots(): Promise<TreeNode[]> {
    const { sources, broken } = await this.sources.list();
    this.sources.explore();
    return [
      ...sources.map(({ cluster, current, folder }) =>
        clusterNode(this.world, cluster, { current, folder }),
      ),
      ...broken.map(({ name, error }, i) => {
        const node = stateNode(this.world, `broken-${name}-${i}`, error);
        return name === '' ? node : { ...node, label: name };
      }),
    ];
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
    const state = node.children ? (node.open ? Expanded : Collapsed) : None;
    const item = new vscode.TreeItem(plainText(node.label), state);
    item.id = node.id;
    item.description = node.description && plainText(node.description);
    item.tooltip = node.tooltip?.split('\n').map(plainText).join('\n');
    item.contextValue = node.contextValue;
    if (node.icon) {
      const color = node.color === undefined ? undefined : new vscode.ThemeColor(node.color);
      item.iconPath = new vscode.ThemeIcon(node.icon, color);
    }
    const faults = node.faults ?? [];
    item.resourceUri = badgeUri(faults);
    if (node.command) {
      const { id: command, title } = node.command;
      item.command = { command, title, arguments: [node] };
    }
    const count = faults.length > 0 ? faultCount(vscode, faults.length) : '';
    const told = node.description?.includes(count) ? '' : count;
    const label = [node.label, node.description, told].filter((part) => part).join(l10n.t(', '));
    item.accessibilityInformation = { label: plainText(label) };
    return item;
  }
}
