import assert from 'node:assert/strict';
import { known } from '../../../../src/core/fact';
import { healthy } from '../../findings/cases/small';
import { nodeOf } from '../sampleNode';
import { rowIn } from './sample';

/** The small node's Service in nftables mode, with one endpoint in place of two. */
const listing = `table ip kube-proxy {
	map service-ips {
		type ipv4_addr . inet_proto . inet_service : verdict
		elements = { 10.99.205.136 . tcp . 3000 : goto service-LX3JQ64U-default/whoami/tcp/ }
	}
	chain nat-prerouting {
		type nat hook prerouting priority dstnat; policy accept;
		jump services
	}
	chain services {
		ip daddr . meta l4proto . th dport vmap @service-ips
	}
	chain service-LX3JQ64U-default/whoami/tcp/ {
		meta l4proto tcp dnat to 10.244.0.3:3000
	}
}
`;

suite('a Service port that two modes have rules for', () => {
  const row = async (mode: string | undefined) => {
    const files = {
      ...healthy,
      'nft-list-ruleset.txt': listing,
      ...(mode !== undefined && { 'proxyMode.txt': mode }),
    };
    const { node } = await nodeOf(new Map(Object.entries(files)));
    return rowIn(node, 'default/whoami/TCP');
  };

  test('counts as the mode that kube-proxy runs in has it, not as what was left over', async () => {
    assert.deepEqual((await row('nftables')).programmed, known(1));
    assert.deepEqual((await row('iptables')).programmed, known(2));
  });

  test('where nobody knows the mode, as one of them has it', async () => {
    const { mode, programmed } = await row(undefined);
    assert.ok('unknown' in mode);
    assert.ok('value' in programmed && [1, 2].includes(Number(programmed.value)));
  });
});
