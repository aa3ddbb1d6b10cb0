import type { LineReader } from '../../lines';
import { asFacts } from '../../node/nodeFacts';
import type { IpSet } from '../../../core/ipset/types';
import { ipsetListParser } from '../../ipset/list';
import { ipsetSaveParser } from '../../ipset/save';
import { ipsetXmlParser } from '../../ipset/xml';
import type { DumpKind } from '../dumpKind';

const sets = (parser: LineReader<ReadonlyMap<string, IpSet>>) =>
  asFacts(parser, (value) => ({ sets: value }));

export const ipsetKinds = [
  {
    id: 'ipset-save',
    language: 'ipset',
    lines: [/^(create|-N) \S+ (hash|bitmap|list):/],
    names: ['ipset(s)?(-save)?'],
    part: 'sets',
    mayBeEmpty: true,
    read: ({ source }) => sets(ipsetSaveParser(source)),
  },
  {
    id: 'ipset-list',
    language: 'ipset',
    lines: [
      (line, next) => /^Name: \S+$/.test(line) && next.some((text) => text.startsWith('Type: ')),
    ],
    names: ['ipset-(list|l)(-terse|-t|-n|-names?)?'],
    part: 'sets',
    mayBeEmpty: true,
    read: ({ source }) => sets(ipsetListParser(source)),
  },
  {
    id: 'ipset-xml',
    lines: [/^<ipsets>/],
    part: 'sets',
    read: ({ source }) => sets(ipsetXmlParser(source)),
  },
] as const satisfies readonly DumpKind[];
