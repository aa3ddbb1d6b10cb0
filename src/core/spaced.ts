/**
 * A blank between Chinese and Latin words and none between Chinese ones, wherever a text was put
 * together: `来自Pod和 节点` is `来自 Pod 和节点`.
 */
export function spaced(text: string): string {
  return text
    .replaceAll(/(?<=\p{Script=Han}) (?=\p{Script=Han})/gu, '')
    .replaceAll(/(?<=\p{Script=Han})(?=[\dA-Za-z])|(?<=[\dA-Za-z%])(?=\p{Script=Han})/gu, ' ');
}
