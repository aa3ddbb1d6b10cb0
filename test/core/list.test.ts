import assert from 'node:assert/strict';
import { suite, teardown, test } from 'mocha';
import { list, setListLanguage } from '../../src/core/list';
import { fitted, slot, spaced } from '../../src/core/spaced';

suite('lists in sentences', () => {
  teardown(() => setListLanguage('en-GB'));

  test('English has no comma before the last joint', () => {
    assert.equal(list([]), '');
    assert.equal(list(['a']), 'a');
    assert.equal(list(['a', 'b']), 'a and b');
    assert.equal(list(['a', 'b', 'c']), 'a, b and c');
    assert.equal(list(['a', 'b', 'c'], 'or'), 'a, b or c');
    assert.equal(list(['a', 'b', 'c'], 'row'), 'a, b, c');
  });

  test('Chinese has its own comma, and blanks beside Latin words alone', () => {
    setListLanguage('zh-cn');
    assert.equal(list(['Pod', '节点', '外部客户端']), 'Pod、节点和外部客户端');
    assert.equal(list(['Pod', '节点']), 'Pod 和节点');
    assert.equal(list(['10.0.0.1', '10.0.0.2'], 'or'), '10.0.0.1 或 10.0.0.2');
    assert.equal(list(['a', 'b'], 'row'), 'a、b');
  });

  test('names stay as they are', () => {
    assert.equal(list(['节点1-nat.txt', 'b节点']), '节点1-nat.txt and b节点');
    setListLanguage('zh-cn');
    assert.equal(list(['节点1-nat.txt', 'b节点']), '节点1-nat.txt 和 b节点');
    assert.equal(list(['']), '');
  });

  test('what was put together is spaced, signs and English left as they are', () => {
    assert.equal(spaced('来自Pod和 节点的访问'), '来自 Pod 和节点的访问');
    assert.equal(spaced('共 3 个（50%）端点，rr'), '共 3 个（50%）端点，rr');
    assert.equal(spaced('50%的端点'), '50% 的端点');
    assert.equal(spaced('pods and the node'), 'pods and the node');
  });

  test('values in a text are spaced beside, and stay as they are', () => {
    assert.equal(fitted(`来自${slot(0)}的访问被拒绝`, 'Pod'), '来自 Pod 的访问被拒绝');
    assert.equal(fitted(`来自${slot(0)}的访问被拒绝`, '节点1'), '来自节点1 的访问被拒绝');
    assert.equal(fitted(`${slot(0)}，前提是 ${slot(1)}`, '节点', '来自a的'), '节点，前提是来自a的');
    assert.equal(fitted(`${slot(1)} of ${slot(0)}`, 'a节点', '端口b'), '端口b of a节点');
    assert.equal(fitted('pods and the node'), 'pods and the node');
  });
});
