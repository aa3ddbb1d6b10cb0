import * as l10n from '@vscode/l10n';
import { fileName } from '../../core/source';
import { partName } from '../../core/partName';
import type { Ruleset } from '../../core/rules/ruleset';
import { baseName } from '../dumps/recognize';
import { headerTime } from '../iptables/lines/headerTime';
import { joinRulesets, type ReadRuleset } from './joinRulesets';
import { filteredRules, filterOf } from './filtered';
import { backendOf, isWholeSave, type PartChoice } from './nodeParts';
import type { ClassifiedFile } from './dumpFile';
import { miss, partOf, rulesetsOf, type Context } from './readContext';
import { list } from '../../core/list';

/** The rules of one family, by all dumps of them; what these do not show is missed. */
export async function readRules(
  context: Context,
  parts: readonly PartChoice[],
  part: 'IPv4 rules' | 'IPv6 rules',
  command: string,
): Promise<readonly Ruleset[]> {
  const { files, empty, older = [] } = partOf(parts, part);
  for (const file of older) sayOlder(context, file, files);
  const family = part === 'IPv4 rules' ? 4 : 6;
  if (empty) {
    const source = files[0]!.path;
    return [{ source, family, backend: 'unknown', tables: new Map(), whole: true, findings: [] }];
  }
  const read: ReadRuleset[] = [];
  const seen = new Set<string>();
  for (const file of files) {
    if (seen.has(file.path)) continue;
    seen.add(file.path);
    const rulesets = await rulesetsOf(context, file);
    if (rulesets === undefined) continue;
    if (rulesets.length === 0) context.unread.add(file.path);
    context.used.add(file);
    await context.reader.pause?.();
    const filter = filterOf(file.path, context.folder.files);
    for (const each of rulesets) {
      if (each.family !== family) continue;
      const ruleset = filter === undefined ? each : filteredRules(each, filter);
      const backend = ruleset.backend === 'unknown' ? backendOf(file) : ruleset.backend;
      read.push({
        ruleset: { ...ruleset, backend },
        whole:
          ruleset.whole !== false &&
          isWholeSave(file) &&
          (ruleset.tables.size > 1 || isNamedSave(file.path, context.folder.files)),
      });
    }
  }
  const joined = joinRulesets(read);
  if (joined.length === 0) miss(context, part, command, noRules(context, part));
  for (const { whole, source } of joined) {
    if (whole === true) continue;
    miss(
      context,
      part,
      command,
      l10n.t`${fileName(source)} holds only some of the tables or chains.`,
    );
  }
  return joined;
}

/** nft lists rules, too: what is missing beside it is iptables' own. */
function noRules({ folder }: Context, part: 'IPv4 rules' | 'IPv6 rules'): string {
  return folder.files.some(({ kind }) => kind === 'nft' || kind === 'nft-json')
    ? l10n.t`No dump of iptables’ ${partName(part)} is at hand.`
    : l10n.t`No dump of the ${partName(part)} is at hand.`;
}

/** Without a name or a command that tells, one table alone may be what `iptables-save -t nat` printed. */
function isNamedSave(path: string, files: readonly ClassifiedFile[]): boolean {
  return files.some((file) => file.path === path && file.origin?.saves === true);
}

/** Of a dump that a newer one of the same replaced. */
function sayOlder(
  { findings }: Context,
  { path, head }: ClassifiedFile,
  newer: readonly ClassifiedFile[],
): void {
  const time = headerTime(head)?.replace('T', ' ');
  const others = list(
    newer.map((file) => baseName(file.path)),
    'row',
  );
  const message = l10n.t`${baseName(path)} of ${time!} is not read: ${others} is newer.`;
  const range = { source: path, line: 0, start: 0, end: 0 };
  findings.push({ severity: 'information', code: 'older-dump', message, range });
}
