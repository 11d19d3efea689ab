/** Repetitions that may be saved up. */
const MOST = 10;
/** One repetition for every ten calls, so that an outage is not answered with a multiple of the load. */
const PER_CALL = 0.1;

export class RetryBudget {
  private left = MOST;

  called(): void {
    this.left = Math.min(MOST, this.left + PER_CALL);
  }

  /** Whether a repetition may be made; then it is spent. */
  spend(): boolean {
    if (this.left < 1) return false;
    this.left -= 1;
    return true;
  }
}
