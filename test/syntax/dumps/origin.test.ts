import assert from 'node:assert/strict';
import { ipOrigin, rulesOrigin } from '../../../src/syntax/dumps/origin';

suite('what a file’s name tells of its dump', () => {
  test('of rules: family, table, whether all tables or a listing', () => {
    for (const [path, origin] of [
      ['iptables-save.txt', { family: 4, table: undefined, saves: true }],
      ['n/ip6tables-nft-save.txt', { family: 6, table: undefined, saves: true }],
      ['xtables-save.txt', { family: undefined, table: undefined, saves: true }],
      ['iptables-nat-save.txt', { family: 4, table: 'nat' }],
      ['ip6tables-t-raw-L-n.txt', { family: 6, table: 'raw' }],
      ['nat.txt', { family: undefined, table: 'nat' }],
      ['iptables-nvL.txt', { family: 4, table: undefined, lists: true }],
      ['ip6tables_-S.txt', { family: 6, table: undefined, lists: true }],
      ['iptables-A.txt', { family: 4, table: undefined }],
      ['rules.txt', { family: undefined, table: undefined }],
    ] as const) {
      assert.deepEqual(rulesOrigin(path), origin, path);
    }
  });

  test('of ip: family and the routing table by its name', () => {
    for (const [path, family, table] of [
      ['ip-4-addr.txt', 4, undefined],
      ['ip-6-route.txt', 6, undefined],
      ['ip_-6_rule.txt', 6, undefined],
      ['ip6-route.txt', 6, undefined],
      ['ip-addr-inet6.txt', 6, undefined],
      ['ip-route.txt', undefined, undefined],
      ['ip-route-show-table-100.txt', undefined, '100'],
      ['ip-route-table-DSL.txt', undefined, 'DSL'],
      ['ip-route-show-table-all.txt', undefined, undefined],
    ] as const) {
      assert.deepEqual(ipOrigin(path), { family, table }, path);
    }
  });
});
