import assert from 'node:assert/strict';
import { leaves } from '../../../../src/core/trace/leaves';
import { traceFlow } from '../../../../src/core/trace/tracer';
import { node, packet } from './node';

const one = '-A -t 10.96.0.50:80 -s rr\n-a -t 10.96.0.50:80 -r 10.244.0.2:8080 -m -w 1\n';

/** Whether `-m ipvs` with these options holds behind IPVS, in POSTROUTING. */
async function holds(options: string, ipvs: string): Promise<string> {
  const rules = `*mangle\n:POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -m ipvs ${options} -j MARK --set-xmark 0x1/0x1\nCOMMIT\n`;
  const { path } = traceFlow(await node(ipvs, {}, rules), packet({ ttl: 64 }));
  const [way] = leaves(path);
  return way!.verdict.finalMark === 1 ? 'yes' : 'no';
}

/** Each option and its contrary. */
async function table(ipvs: string, rows: Readonly<Record<string, boolean>>): Promise<void> {
  for (const [option, wanted] of Object.entries(rows)) {
    assert.equal(await holds(option, ipvs), wanted ? 'yes' : 'no', option);
    assert.equal(await holds(`! ${option}`, ipvs), wanted ? 'no' : 'yes', `! ${option}`);
  }
}

suite('-m ipvs (xt_ipvs.c)', () => {
  test('of a request behind IPVS, each option', async () => {
    await table(one, {
      '--ipvs': true,
      '--vproto 6': true,
      '--vproto 17': false,
      '--vaddr 10.96.0.50/32': true,
      '--vaddr 10.96.0.0/16': true,
      '--vaddr 10.244.0.2/32': false,
      '--vport 80': true,
      '--vport 8080': false,
      '--vdir ORIGINAL': true,
      '--vdir REPLY': false,
      '--vmethod MASQ': true,
      '--vmethod GATE': false,
      '--vmethod IPIP': false,
      '--vportctl 80': false,
    });
  });

  test('all of several must hold', async () => {
    const both = '--vaddr 10.96.0.50/32 --vport';
    assert.equal(await holds(`${both} 80`, one), 'yes');
    assert.equal(await holds(`${both} 81`, one), 'no');
  });

  test('the control port is that of a persistent client’s template', async () => {
    const persistent = one.replace('-s rr', '-s rr -p 600');
    await table(persistent, { '--vportctl 80': true, '--vportctl 81': false });
  });

  /** What forwarding, which IPVS does not look into here, asks. */
  const forwarded = async (match: string, ipvs: string | undefined) => {
    const rules = `*mangle\n:FORWARD ACCEPT [0:0]\n-A FORWARD -m ipvs ${match} -j MARK --set-xmark 0x1/0x1\nCOMMIT\n`;
    const from = packet({ destination: packet().source, inInterface: 'eth0' });
    const { path } = traceFlow(await node(ipvs, {}, rules), from);
    return leaves(path).map(({ verdict }) => verdict.finalMark);
  };

  test('of what IPVS did not have only that it had not holds', async () => {
    assert.deepEqual(await forwarded('--ipvs', one), [0]);
    assert.deepEqual(await forwarded('! --ipvs', one), [1]);
    assert.deepEqual(await forwarded('--vport 80', one), [0]);
    assert.deepEqual(await forwarded('! --vport 80', one), [0]);
  });

  test('without a dump of IPVS it is open', async () => {
    assert.deepEqual(await forwarded('--ipvs', undefined), [1, 0]);
  });
});

suite('what IPVS takes of a packet’s TTL', () => {
  const ttl = async (ipvs: string) => {
    const [way] = leaves(traceFlow(await node(ipvs), packet({ ttl: 64 })).path);
    return way!.verdict.finalTtl;
  };

  test('is one where it is sent on, and none on the node itself', async () => {
    assert.equal(await ttl(one), 63);
    assert.equal(await ttl(one.replace('10.244.0.2', '192.168.77.10')), 64);
  });
});
