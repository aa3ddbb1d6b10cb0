import { finish } from '../src/core/work';
import { indexNftLines } from '../src/syntax/nft/lines/lineIndex';
import { nftRuleset } from '../src/syntax/nft/ruleset/ruleset';
import { readBlocks } from '../src/syntax/nft/structure/readBlocks';
import { textLines } from '../src/syntax/textLines';
import type { Row } from './language';
import { bytesOf, formatMb, formatMs, median, times } from './measure';

/** A listing of about that many lines: a map of a third of them, and a chain for each Service. */
export function generateListing(lines: number): string {
  const services = Math.floor(lines / 5);
  const chain = (i: number) => `service-ABCDEFGH-ns/svc-${i}/tcp/http`;
  const address = (i: number) => `10.${96 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}`;
  const elements = Array.from(
    { length: services },
    (_, i) => `\t\t\t     ${address(i)} . tcp . 80 : goto ${chain(i)}`,
  );
  const chains = Array.from(
    { length: services },
    (_, i) =>
      `\tchain ${chain(i)} {\n\t\tmeta l4proto tcp dnat ip to numgen random mod 2 map { 0 : 10.244.0.3 . 3000, 1 : 10.244.0.4 . 3000 }\n\t}\n`,
  );
  return `table ip kube-proxy {\n\tmap service-ips {\n\t\ttype ipv4_addr . inet_proto . inet_service : verdict\n\t\telements = {${elements.join(',\n')} }\n\t}\n\n${chains.join('\n')}}\n`;
}

/** The index of a listing of nft: made, and kept up to date with key presses. */
export function measureNft(lines: number): Row[] {
  const text = generateListing(lines);
  const name = `nft, ${lines / 1000}k lines`;
  const index = indexNftLines(textLines(text));
  const texts = text.split('\n');
  const press = times(501, (i) => {
    const line = (i * 7919) % (texts.length - 10);
    texts[line] += ' ';
    index.edit(line, 1, [texts[line]!]);
  });
  const added = times(501, (i) => {
    const line = (i * 7919) % (texts.length - 10);
    index.edit(line, i % 2, i % 2 ? [] : ['# note']);
  });
  const blocks = times(5, () => finish(readBlocks(index, textLines(text))));
  const ready = times(5, () => nftRuleset('bench', text).tables.length);
  const memory = bytesOf(() => indexNftLines(textLines(text)));
  return [
    [`${name}: index`, formatMs(median(times(5, () => indexNftLines(textLines(text))))), ''],
    [`${name}: key press, index up to date`, formatMs(median(press)), '2 ms'],
    [`${name}: line added or removed`, formatMs(median(added)), '2 ms'],
    [`${name}: blocks right after an edit`, formatMs(median(blocks)), ''],
    [`${name}: text to rulesets`, formatMs(median(ready)), ''],
    [`${name}: memory of the index`, formatMb(memory.bytes), ''],
  ];
}
