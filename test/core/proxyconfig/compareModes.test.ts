import assert from 'node:assert/strict';
import { compareKey } from '../../../src/core/proxyconfig/compare';
import type { ProxyNode } from '../../../src/core/proxyconfig/node';
import { readSettings } from '../../../src/core/proxyconfig/settings';
import { ipvsSaveParser } from '../../../src/syntax/ipvs/save';
import { parseLines } from '../../../src/syntax/lines';
import { nodeWith, said } from './said';
import { configOf } from './variants';

suite('keys of ipvs mode', () => {
  const servers = (text: string): ProxyNode => ({
    state: {
      name: 'node-a',
      rulesets: [],
      findings: [],
      ipvs: parseLines(text, ipvsSaveParser('ipvsadm')).value,
    },
  });
  const three = servers(
    '-A -t 10.96.0.1:443 -s rr\n-A -t 10.96.0.5:80 -s rr\n-A -t 192.0.2.9:80 -s wlc\n',
  );

  test('the scheduler of virtual servers, but for those of excludeCIDRs', () => {
    const path = 'ipvs.scheduler';
    const both = '2 virtual servers use rr and 1 virtual server uses wlc';
    assert.equal(said(three, path, 'mode: ipvs'), `differs: ${both}.`);
    assert.equal(said(three, path, 'mode: ipvs\nipvs: {scheduler: wlc}'), `differs: ${both}.`);
    assert.equal(
      said(three, path, 'mode: ipvs\nipvs: {excludeCIDRs: [192.0.2.0/24]}'),
      'applied: 2 virtual servers use rr.',
    );
    assert.equal(
      said(three, path, 'mode: ipvs\nipvs: {excludeCIDRs: [0.0.0.0/0]}'),
      'unknown: No virtual server is shown with its scheduler.',
    );
    assert.equal(said(three, path, 'mode: iptables'), 'unused: Mode iptables does not use it.');
    assert.equal(said(three, path, 'mode: ipvs\nipvs: {scheduler: 7}'), undefined);
    const { ipvs: _, ...none } = three.state;
    assert.equal(said({ state: none }, path, 'mode: ipvs'), 'unknown: `ipvsadm -Ln` is missing.');
    const evidence = (scheduler: string) =>
      compareKey(path, readSettings(configOf(`mode: ipvs\nipvs: {scheduler: ${scheduler}}`)), three)
        ?.evidence?.line;
    assert.deepEqual(['rr', 'wlc', 'sh'].map(evidence), [2, 0, 0]);
  });

  test('excludeCIDRs: three of the servers inside by name', () => {
    const path = 'ipvs.excludeCIDRs';
    const exclude = (text: string) => `mode: ipvs\nipvs: {excludeCIDRs: [${text}]}`;
    assert.equal(
      said(three, path, exclude('10.96.0.0/16, 192.0.2.0/24')),
      'unknown: In 10.96.0.0/16 or 192.0.2.0/24: 10.96.0.1:443, 10.96.0.5:80 and 192.0.2.9:80.',
    );
    const more = servers(
      '-A -t 10.0.0.1:1\n-A -t 10.0.0.2:1\n-A -t 10.0.0.3:1\n-A -f 7 -s rr\n-A -t 10.0.0.4:1\n',
    );
    assert.equal(
      said(more, path, exclude('10.0.0.0/8')),
      'unknown: In 10.0.0.0/8: 10.0.0.1:1, 10.0.0.2:1, 10.0.0.3:1 and 1 more.',
    );
    assert.equal(said(three, path, 'mode: ipvs'), undefined);
    assert.equal(said(three, path, exclude('10.0.0.0')), undefined);
    assert.equal(
      said(three, path, 'mode: iptables\nipvs: {excludeCIDRs: [10.0.0.0/8]}'),
      'unused: Mode iptables does not use it.',
    );
  });

  test('timeouts, in whole seconds; 0 leaves them as they are', () => {
    const node = { ...three, timeouts: { tcp: 900, tcpFin: 120, udp: 300 } };
    const timeout = (key: string, value: string) =>
      said(node, `ipvs.${key}`, `mode: ipvs\nipvs: {${key}: ${value}}`);
    assert.equal(timeout('tcpTimeout', '15m'), 'applied: The timeout is 900 s.');
    assert.equal(timeout('tcpFinTimeout', '120500ms'), 'applied: The timeout is 120 s.');
    assert.equal(timeout('udpTimeout', '4m'), 'differs: The timeout is 300 s.');
    assert.equal(
      timeout('udpTimeout', '0s'),
      'unknown: The timeout is 300 s. 0 leaves it as it is.',
    );
    assert.equal(timeout('udpTimeout', '5 minutes'), undefined);
    assert.equal(
      said(three, 'ipvs.udpTimeout', 'mode: ipvs\nipvs: {udpTimeout: 4m}'),
      'unknown: `ipvsadm -L --timeout` is missing.',
    );
    assert.equal(
      said(node, 'ipvs.udpTimeout', 'ipvs: {udpTimeout: 4m}'),
      'unused: Mode iptables does not use it.',
    );
  });
});

suite('the mode, by the rules that are in force and by the log', () => {
  const range = { source: 'log', line: 1, start: 0, end: 1 };
  const log = (name: 'iptables' | 'ipvs') => ({ log: { mode: { name, range } } });

  test('rules of one mode decide', async () => {
    const node = await nodeWith('iptables');
    assert.equal(said(node, 'mode', 'mode: iptables'), 'applied: The rules are of iptables mode.');
    assert.equal(said(node, 'mode', 'mode: ipvs'), 'differs: The rules are of iptables mode.');
    assert.equal(said(node, 'mode', 'mode: userspace'), undefined);
    const left = (text: string) => ({
      state: { ...node.state, ipvs: parseLines(text, ipvsSaveParser('x')).value },
    });
    const one = '-A -t 10.96.0.5:80 -s rr\n';
    assert.equal(
      said(left(one), 'mode', 'mode: iptables'),
      'applied: The rules are of iptables mode. 1 virtual server is left of ipvs mode.',
    );
    assert.equal(
      said(left(`${one}-A -t 10.96.0.6:80 -s rr\n`), 'mode', 'mode: iptables'),
      'applied: The rules are of iptables mode. 2 virtual servers are left of ipvs mode.',
    );
  });

  test('rules of two modes: the log does', async () => {
    const { state } = await nodeWith('iptables');
    const { nftables } = (await nodeWith('nftables')).state;
    const both: ProxyNode = { state: { ...state, nftables: nftables! } };
    const found = said(both, 'mode', 'mode: iptables')!;
    assert.match(
      found,
      /^unknown: There are rules of (iptables and nftables|nftables and iptables) mode; kube-proxy's log, /,
    );
    const by = ' mode; by its log, kube-proxy runs in mode iptables.';
    assert.ok(said({ ...both, ...log('iptables') }, 'mode', 'mode: iptables')!.endsWith(by));
    assert.match(said({ ...both, ...log('iptables') }, 'mode', 'mode: iptables')!, /^applied/);
    assert.match(said({ ...both, ...log('ipvs') }, 'mode', 'mode: iptables')!, /^differs/);
  });

  test('no rules: the log, else nobody', () => {
    const state = { name: 'node-a', rulesets: [], findings: [] };
    const by = 'By its log, kube-proxy runs in mode ipvs.';
    assert.equal(said({ state, ...log('ipvs') }, 'mode', 'mode: ipvs'), `applied: ${by}`);
    assert.equal(said({ state, ...log('ipvs') }, 'mode', 'mode: iptables'), `differs: ${by}`);
    assert.equal(
      said({ state }, 'mode', 'mode: ipvs'),
      'unknown: The dumps hold no rules of kube-proxy.',
    );
    const ipvs = parseLines('-A -t 10.96.0.5:80 -s rr\n', ipvsSaveParser('x')).value;
    assert.equal(
      said({ state: { ...state, ipvs } }, 'mode', 'mode: ipvs'),
      'unknown: There are virtual servers, but no rules that would show whether they are in use.',
    );
  });
});

suite('how often kube-proxy writes, by its log', () => {
  const range = { source: 'log', line: 1, start: 0, end: 1 };
  const node = (syncPeriod: string, minor = 36): ProxyNode => ({
    state: { name: 'node-a', rulesets: [], findings: [] },
    version: { minor, text: `v1.${minor}.0`, from: 'log' },
    log: { sync: { syncPeriod, minSyncPeriod: '1s', range } },
  });
  const path = 'iptables.syncPeriod';
  const sync = (text: string) => `iptables: {syncPeriod: ${text}}`;

  test('as it started, 0 and nothing being the default', () => {
    assert.equal(
      said(node('1m0s'), path, sync('60s')),
      'applied: By its log, kube-proxy started with 1m0s.',
    );
    assert.equal(
      said(node('1m0s'), path, sync('30s')),
      'differs: By its log, kube-proxy started with 1m0s.',
    );
    for (const text of ['30s', '0s', 'null']) {
      assert.match(said(node('30s'), path, sync(text))!, /^applied/, text);
    }
    assert.match(said(node('30s'), path, 'mode: iptables')!, /^applied/);
    assert.equal(said(node('30s'), path, sync('often')), undefined);
    assert.equal(
      said(node('30s'), path, `mode: ipvs\n${sync('30s')}`),
      'unused: Mode ipvs does not use it.',
    );
    assert.equal(said(node('30s'), path, `mode: userspace\n${sync('30s')}`), undefined);
    const { log: _, ...without } = node('30s');
    assert.equal(
      said(without, path, sync('30s')),
      "unknown: The log of kube-proxy's start, which names it, is missing.",
    );
  });
});
