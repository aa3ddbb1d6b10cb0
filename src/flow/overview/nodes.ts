import type { Disposable, Uri } from 'vscode';
import type { Family } from '../../core/address';
import type { NodeState } from '../../core/node';
import type { IndexedObjects } from '../../core/objects/types';
import type { ServiceChoice } from '../source';

/** A node that an overview has a row for. */
export interface ListedNode {
  readonly name: string;
  /** Its dumps can be read without asking anybody. */
  readonly held: boolean;
}

/** The nodes whose dumps lie together: folders, or a cluster. */
export interface OverviewNodes {
  /** Of the dump that the overview was asked with. */
  readonly family: Family;
  /** By name. */
  list(): Promise<readonly ListedNode[]>;
  /** Changes with every capture of a node that is held; undefined where changes are told by name. */
  capture(node: string): string | undefined;
  /** Service ports to choose from. */
  services(): Promise<readonly ServiceChoice[]>;
  /** undefined where none lie beside the dumps. */
  objects(): Promise<IndexedObjects | undefined>;
  /** Objects of the same time as the dumps, to look for faults with; undefined where there are none. */
  captured(): Promise<IndexedObjects | undefined>;
  /** Reads a node's dumps that are held; rejects when they can't be read. */
  state(node: string): Promise<NodeState>;
  /** Fetches a node's dumps and reads them; undefined where nobody can be asked. */
  readonly fetch?: ((node: string, signal: AbortSignal) => Promise<NodeState>) | undefined;
  /** A dump of the node to draw the graph from; what is not held is fetched, with progress. */
  dump(node: string): Promise<Uri>;
  /**
   * Tells of changes: of the node's dumps, or without a name of the objects, or of captures that
   * `list` then tells.
   *
   * @returns what ends the listening.
   */
  onDidChange(listener: (node: string | undefined) => void): Disposable;
}

/** Where panels get the nodes of an overview. */
export interface OverviewSource {
  /**
   * @param uri A dump, or a cluster's folder of nodes.
   * @returns undefined where the cluster is no longer open.
   */
  open(uri: Uri): Promise<OverviewNodes | undefined>;
  /** Whether to list the nodes sends requests: not to be done before the user asks for it. */
  asks(uri: Uri): Promise<boolean>;
}
