import { parseArgs } from 'node:util';
import { errorText } from '../cluster/error';
import { checkBundle } from './checkBundle';
import { checkFile } from './checkFile';
import { complain } from './complain';
import { checkNodeFiles, checkNodeFolder, type NodeFinding } from './checkNode';
import { nodeReport, type Report } from './checkReport';
import type { Command } from './command';
import { nodeIn } from './nodeFiles';
import { isFile, isFolder } from './pathKind';
import { nodeParser } from './nodeParser';
import { sarif } from './sarif';
import { print, printJson } from './print';

export const check: Command = {
  help: `check NODE_DIR|BUNDLE|FILE... [--objects DIR] [--json | --sarif]
    Of a folder with the dumps of one node: what is wrong with it, the worst first, with the cluster's
    objects where a folder "objects" lies beside or above it, or --objects names one. Each code has a
    page in docs/findings. FOLDER/NODE and FILE/NODE are one of several nodes whose files lie in one
    folder or whose dumps are in one text. Of a support bundle (an archive, a collector's folder; ARCHIVE/NODE of one
    node): what is there, what to ask the sender for, and the same for each node.
    Of a file: reads a dump of any kind (iptables-save, -S and -L, where every rule is decoded; ipset,
    IPVS, ip addr, ip route, ip rule, conntrack, sysctl, nft, ...), and prints its kind, what it holds
    and FILE:LINE:COLUMN of what is wrong in it. A file with the outputs of several commands, as pasted
    from a terminal, is checked as the folder of a node is.
    Exit code 1 when there is an error, or a file can't be read.`,

  async run(args) {
    const request = readArguments(args);
    if ('problem' in request) {
      complain(`${request.problem}\n\n${this.help}`);
      return 2;
    }
    const { paths, objects, form } = request;
    const findings: NodeFinding[] = [];
    let failed = false;
    for (const path of paths) {
      const report = await reportOf(path, objects);
      if (!report) return 2;
      for (const one of report.findings) findings.push(one);
      if (form === 'text' || report.problem) print(report.lines);
      failed ||= report.failed;
    }
    if (form === 'json') printJson(findings);
    if (form === 'sarif') printJson(sarif(findings));
    return failed ? 1 : 0;
  },
};

interface CheckArguments {
  readonly paths: readonly string[];
  readonly objects?: string;
  readonly form: 'text' | 'json' | 'sarif';
}

function readArguments(args: readonly string[]): CheckArguments | { problem: string } {
  const options = {
    objects: { type: 'string' },
    json: { type: 'boolean' },
    sarif: { type: 'boolean' },
  } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
    if (positionals.length === 0) return { problem: 'No folder or file is named.' };
    const form = values.json ? 'json' : values.sarif ? 'sarif' : 'text';
    return { paths: positionals, objects: values.objects, form };
  } catch (error) {
    return { problem: errorText(error) };
  }
}

/** undefined, with a word to the user, for what can't be checked. */
async function reportOf(path: string, objects?: string): Promise<Report | undefined> {
  try {
    const bundle = await checkBundle(path, objects);
    if (bundle) return bundle;
    if (await isFolder(path)) return nodeReport(await checkNodeFolder(path, objects));
    // FOLDER/NODE is looked for last: that reads all that lies in the folder.
    const files = (await isFile(path)) ? undefined : await nodeIn(path);
    return files
      ? nodeReport(await checkNodeFiles(path, files, objects))
      : await checkFile(path, await nodeParser(), objects);
  } catch (error) {
    complain(error);
    return undefined;
  }
}
