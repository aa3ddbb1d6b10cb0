import assert from 'node:assert/strict';
import {
  isAvailable,
  isOverloaded,
  mayBeOverloaded,
  type Limits,
} from '../../../src/core/ipvs/availability';

/** `full`, `may be full`, or `free` of a real server with a limit (ipvsadm -x), and the one for it (-y). */
function told(
  active: number | undefined,
  inactive: number | undefined,
  upper?: number,
  lower?: number,
) {
  const server: Limits = {
    weight: 1,
    ...(active === undefined ? {} : { activeConnections: active }),
    ...(inactive === undefined ? {} : { inactiveConnections: inactive }),
    ...(upper === undefined ? {} : { upperThreshold: upper }),
    ...(lower === undefined ? {} : { lowerThreshold: lower }),
  };
  assert.equal(isAvailable(server), !isOverloaded(server));
  return isOverloaded(server) ? 'full' : mayBeOverloaded(server) ? 'may be full' : 'free';
}

// ip_vs_dest_update_overload (include/net/ip_vs.h): all connections count, the active and the others; a
// server that was full takes new ones below -y, or below three quarters of -x.
suite('a real server with a limit', () => {
  test('is full with as many connections as it allows', () => {
    assert.equal(told(5, 5, 10), 'full');
    assert.equal(told(0, 11, 10), 'full');
    assert.equal(told(10, 0, 10), 'full');
  });

  test('may still be full above three quarters of it, or above the lower one', () => {
    assert.equal(told(9, 0, 10), 'may be full');
    assert.equal(told(8, 0, 10), 'may be full');
    assert.equal(told(7, 0, 10), 'free');
    assert.equal(told(7, 0, 10, 5), 'may be full');
    assert.equal(told(5, 0, 10, 5), 'may be full');
    assert.equal(told(2, 2, 10, 5), 'free');
  });

  test('may be full where connections are not counted', () => {
    assert.equal(told(undefined, undefined, 10), 'may be full');
    assert.equal(told(3, undefined, 10), 'may be full');
    assert.equal(told(undefined, 3, 10), 'may be full');
  });

  test('without one never', () => {
    assert.equal(told(1000, 1000), 'free');
    assert.equal(told(1000, 1000, 0), 'free');
    assert.equal(told(undefined, undefined), 'free');
  });

  test('of weight 0 takes none, whatever it allows', () => {
    assert.equal(isAvailable({ weight: 0 }), false);
    assert.equal(isAvailable({ weight: 1 }), true);
  });
});
