import assert from 'node:assert/strict';
import { comparisonNotes, lackText } from '../../../src/core/report/setupNotes';

suite('what a comparison of two setups took into account', () => {
  test('the families whose packets were traced, and what was left out', () => {
    const [first, ...rest] = comparisonNotes({ families: [4, 6], leftOut: 0 });
    assert.match(first!, /^IPv4 and IPv6: packets of a Pod of the node/);
    assert.equal(rest.length, 1);
    assert.match(comparisonNotes({ families: [6], leftOut: 0 })[0]!, /^IPv6: /);
    const none = comparisonNotes({ families: [], leftOut: 3 });
    assert.match(none[0]!, /^No packet was traced: `ip addr` and `ip route show table all`/);
    assert.match(none[2]!, /^3 Service ports were left out/);
  });

  test('why rules can\u2019t be worked out, each with what would help', () => {
    for (const [lack, text] of [
      ['configuration', /get configmap kube-proxy -o yaml/],
      ['services', /get services -A -o yaml/],
      ['endpoints', /get endpointslices -A -o yaml/],
      ['node', /get nodes -o yaml/],
      ['mode', /none of kube-proxy's on Linux/],
      ['release', /release/],
    ] as const) {
      assert.match(lackText(lack), text);
    }
  });
});
