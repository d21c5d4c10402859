/** One promise of a port: run on every adapter, and shown to fail on adapters with planted bugs. */
export interface ContractCase<Port> {
  name: string;
  prove: (port: Port) => Promise<void>;
}

/** Makes every case a test of the adapter that `open` gives. */
export function proveContract<Port>(cases: readonly ContractCase<Port>[], open: () => Port | Promise<Port>): void {
  it.each(cases.map((contractCase) => [contractCase.name, contractCase] as const))(
    '%s',
    async (_name, contractCase) => {
      await contractCase.prove(await open());
    },
  );
}

/** The names of the cases that fail on this adapter: what the contract catches. */
export async function failingCases<Port>(
  cases: readonly ContractCase<Port>[],
  open: () => Port | Promise<Port>,
): Promise<string[]> {
  const failing: string[] = [];
  for (const { name, prove } of cases) {
    const port = await open();
    await prove(port).catch(() => failing.push(name));
  }
  return failing;
}
