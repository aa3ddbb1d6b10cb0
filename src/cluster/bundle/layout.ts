/** One file that a text of a bundle becomes: a bundle's text may hold the output of several commands. */
export interface Output {
  /** As a node's file is named: `iptables-save.txt`. */
  readonly name: string;
  readonly text: string;
}

/** Takes the outputs of several commands apart. */
export type Splitter = (text: string) => readonly Output[];

/** Where a bundle has something of a node or of the cluster. */
export interface BundlePath {
  /** Of the path in the archive; the group `node` is the node's name. */
  readonly path: RegExp;
  /** The file's name in the node's folder, or what takes its text apart; `objects` for YAML or JSON. */
  readonly as: string | Splitter;
}

/** What one collector writes, and where. */
export interface BundleLayout {
  readonly id: string;
  /** As its users call it. */
  readonly title: string;
  /** Paths that all have to be there: no other collector has them. */
  readonly marks: readonly RegExp[];
  /** Of the archive's name or its top folder; the group `node` is the name of the one node. */
  readonly nodeName?: RegExp;
  readonly files: readonly BundlePath[];
  /** What an absent or empty part does not prove, one plain English sentence each. */
  readonly remarks?: readonly string[];
}
