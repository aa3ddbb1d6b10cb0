import type { TreeNode } from './node';

/** Children that VS Code draws without a hitch, and that a person still finds something in. */
const pageSize = 200;

/** Puts many nodes into groups: `app-0001 ... app-0200`. Few stay as they are. */
export function inPages(parent: string, nodes: readonly TreeNode[]): readonly TreeNode[] {
  if (nodes.length <= pageSize) return nodes;
  const pages: TreeNode[] = [];
  for (let start = 0; start < nodes.length; start += pageSize) {
    const page = nodes.slice(start, start + pageSize);
    pages.push({
      id: `${parent}/page-${start}`,
      label: `${page[0]?.label} … ${page.at(-1)?.label}`,
      description: String(page.length),
      icon: 'list-flat',
      contextValue: 'page',
      open: false,
      children: () => Promise.resolve(page),
    });
  }
  return pages;
}
