/** Rows of cells as lines; numbers stand to the right. */
export function table(head, rows) {
  const cells = [head, ...rows].map((row) => row.map((cell) => (cell === undefined ? '–' : String(cell))));
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  return cells.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join('  '),
  );
}

export const fixed = (value, digits = 2) => (typeof value === 'number' ? value.toFixed(digits) : undefined);
