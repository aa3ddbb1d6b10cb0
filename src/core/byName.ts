/** The order of names, in which numbers count: node-2 before node-10. */
export const byName: (left: string, right: string) => number = new Intl.Collator('en', {
  numeric: true,
}).compare;
