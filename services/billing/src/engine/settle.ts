import { isUnavailable } from '@perennial/database';
import type { Announce } from '@perennial/service';
import { type Context, presently } from '../context';
import type { Account } from '../domain/account';
import type { Moment } from '../domain/moment';
import { settleRefund } from '../domain/refund-settlement';
import { settleCharge } from '../domain/settlement';
import { Accounts } from '../store/accounts';
import type { Answered } from './ask';

/**
 * Writes what providers answered, many in one transaction, through the one rule for evidence. What
 * cannot be written is not lost: its lease ends, and the provider is asked what became of it.
 */
export async function settle(
  answers: readonly Answered[],
  context: Context,
  announce: Announce,
): Promise<void> {
  try {
    await settleTogether(answers, context, announce);
  } catch (error) {
    if (isUnavailable(error)) throw error;
    if (answers.length > 1) {
      for (const answer of answers) await settle([answer], context, announce);
      return;
    }
    const customerId = answers[0]?.planned.call.customerId;
    context.logger.error({ err: error, customerId }, 'an answer could not be written');
  }
}

async function settleTogether(
  answers: readonly Answered[],
  context: Context,
  announce: Announce,
): Promise<void> {
  const customerIds = answers.map(({ planned }) => planned.call.customerId);
  // Of payments that are over meanwhile, too: a late answer may say that there is money.
  const paymentIds = answers.map(({ planned: { call } }) =>
    'refund' in call ? call.refund.paymentId : call.paymentId,
  );
  await context.db.transaction(async (tx) => {
    const moment = presently(context);
    const accounts = await Accounts.lock(customerIds, { paymentIds }, tx);
    for (const answer of answers) {
      const { call, cause } = answer.planned;
      accounts.decide(call.customerId, cause, moment, (account) => weigh(account, answer, moment));
    }
    await announce(await accounts.save(moment, context.ids), tx);
  });
}

function weigh(account: Account, answer: Answered, moment: Moment): Account {
  const { call } = answer.planned;
  if (answer.about === 'charge' && 'attempt' in call) {
    const by = call.kind === 'charge' ? 'response' : 'enquiry';
    const { attempt } = call;
    return settleCharge(account, attempt.reference, answer.evidence, by, moment, attempt);
  }
  if (answer.about === 'refund' && 'refund' in call && call.refund.request) {
    const by = call.kind === 'refund' ? 'response' : 'enquiry';
    const { reference } = call.refund.request;
    return settleRefund(account, reference, answer.evidence, by, moment, call.refund);
  }
  return account;
}
