/** Waits for what happens by itself. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await isSo()); tries += 1) {
    if (tries > 1000) throw new Error('it has not happened within 20 s');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
