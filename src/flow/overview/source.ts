import type { Uri } from 'vscode';
import { clusterNodes } from './clusterNodes';
import type { DumpFiles } from '../../workspace/clusters/dumpFiles';
import { dumpsOf } from '../../workspace/clusters/dumpsOf';
import { parseDumpUri, scheme } from '../../workspace/clusters/dumpUri';
import type { NodeStates } from '../../workspace/clusters/nodeStates';
import type { Sources } from '../../workspace/clusters/sources';
import type { NodeFolders } from '../../workspace/nodeFolders';
import type { FlowSource } from '../source';
import { folderNodes } from './folderNodes';
import type { OverviewSource } from './nodes';

/** Overviews of the nodes beside a dump, or of a cluster's. */
export function overviewSource(
  source: FlowSource,
  folders: NodeFolders,
  clusters: Sources,
  files: DumpFiles,
  states: NodeStates,
): OverviewSource {
  const clusterOf = (uri: Uri) =>
    uri.scheme === scheme ? clusters.byKey(parseDumpUri(uri).cluster) : undefined;
  return {
    async open(uri) {
      if (uri.scheme !== scheme) return folderNodes(uri, folders, source);
      const cluster = await clusterOf(uri);
      if (!cluster) return undefined;
      return clusterNodes(uri, cluster, files, states, dumpsOf);
    },
    async asks(uri) {
      const cluster = await clusterOf(uri);
      return cluster !== undefined && !cluster.offline;
    },
  };
}
