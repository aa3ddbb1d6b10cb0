import { fareMarkdown } from '../core/expected/fare/page';
import { lackText } from '../core/report/setupNotes';
import { finish } from '../core/work';
import { readinessOf, readinessPage } from '../syntax/expected/readiness';
import { complain } from './complain';
import type { Command } from './command';
import { readNodeFolder } from './nodeFiles';
import { nodeParser } from './nodeParser';
import { objectsNear, readObjectsFolder } from './objectsFolder';
import { print } from './print';

export const ready: Command = {
  help: `ready NODE_DIR...
    Whether a node is ready for kube-proxy's nftables mode: which packets fare differently there, each
    kind with both rules, worked out from the objects and kube-proxy's configuration beside the dumps.
    Exit code 1 when any does, 2 when something to tell is missing.`,

  async run(folders) {
    if (folders.length === 0) {
      complain(`No folder is named.\n\n${this.help}`);
      return 2;
    }
    const parser = await nodeParser();
    let code = 0;
    for (const folder of folders) {
      const { state } = await readNodeFolder(folder);
      const near = await objectsNear(folder);
      const objects = near === undefined ? undefined : await readObjectsFolder(near);
      const found = finish(readinessOf(state, objects, parser));
      if (typeof found === 'string') {
        print(`${folder}: ${found === 'nftables' ? 'runs in nftables mode' : lackText(found)}`);
        if (found !== 'nftables') code = 2;
        continue;
      }
      const { comparison, findings } = found;
      const lines = fareMarkdown(readinessPage(found));
      print(lines.join('\n'));
      for (const { message } of findings) print(`- ${message}`);
      if (comparison.differences.length > 0) code ||= 1;
    }
    return code;
  },
};
