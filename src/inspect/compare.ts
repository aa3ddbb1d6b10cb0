import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { errorText } from '../cluster/error';
import { compareNodes } from '../core/compare/compare';
import type { Difference } from '../core/compare/difference';
import type { SourceRange } from '../core/source';
import { finish } from '../core/work';
import { complain } from './complain';
import type { Command } from './command';
import { readNodeFolder } from './nodeFiles';
import { objectsNear, readObjectsFolder } from './objectsFolder';
import { print, printJson } from './print';

export const compare: Command = {
  help: `compare NODE_DIR NODE_DIR [--objects DIR] [--json]
    What two nodes, or one node at two times, do differently with packets: by meaning, not by lines,
    whatever their modes; the worst first, each with both places. Of excerpts only what both show is
    compared. Exit code 1 where something differs that breaks traffic.`,

  async run(args) {
    let request;
    try {
      const options = { objects: { type: 'string' }, json: { type: 'boolean' } } as const;
      request = parseArgs({ args: [...args], allowPositionals: true, options });
    } catch (error) {
      complain(`${errorText(error)}\n\n${this.help}`);
      return 2;
    }
    const [left, right, ...others] = request.positionals;
    if (left === undefined || right === undefined || others.length > 0) {
      complain(`Name two folders of dumps.\n\n${this.help}`);
      return 2;
    }
    try {
      const [ours, theirs] = [await readNodeFolder(left), await readNodeFolder(right)];
      const near = request.values.objects ?? (await objectsNear(left));
      const objects = near === undefined ? undefined : await readObjectsFolder(near);
      const comparison = finish(compareNodes(ours.state, theirs.state, objects));
      const { differences, fares, notCompared } = comparison;
      if (request.values.json) printJson(comparison);
      else {
        const lines = differences.map((one) => text(one, left, right));
        print((lines.length > 0 ? lines : ['No difference in what both show.']).join('\n'));
        for (const { who, to, more, ...on } of fares) {
          const others = more > 0 ? ` and ${more} more` : '';
          print(`${who} to ${to}${others}: ${left}: ${on.left}; ${right}: ${on.right}`);
        }
        for (const one of notCompared) print(`not compared: ${one}`);
      }
      return differences.some(({ severity }) => severity === 'error') ? 1 : 0;
    } catch (error) {
      complain(error);
      return 2;
    }
  },
};

function text(difference: Difference, here: string, there: string): string {
  const { severity, message, detail, left, right } = difference;
  const place = (folder: string, range: SourceRange | undefined) =>
    range ? [`  ${join(folder, range.source)}:${range.line + 1}`] : [];
  const said = [message, detail].filter(Boolean).join(' ');
  return [`${severity}: ${said}`, ...place(here, left), ...place(there, right)].join('\n');
}
