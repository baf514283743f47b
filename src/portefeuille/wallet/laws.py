"""The laws of money that the tables can prove, each as SQL that lists what contradicts it.

The numbers are those of the platform's specification; several queries may prove parts of one law. A law spans the
domains, so these read the tables of all of them (see ADR 1).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import LiteralString, cast

from portefeuille.core.ledger.chart import MOVES, Account, Transfer
from portefeuille.core.lifecycle import STOPPED, State


def _codes(codes: Iterable[Transfer]) -> str:
    return ", ".join(f"{code:d}" for code in codes)


def _states(states: Iterable[State]) -> str:
    return ", ".join(f"'{state}'" for state in sorted(states))


# What a transfer did to the bank account, as its statement prints it.
_ON_THE_BANK = f"""CASE WHEN code IN ({_codes(c for c, m in MOVES.items() if m.leaves is Account.BANK)})
    THEN amount_cents ELSE -amount_cents END"""
_BANK_CODES = _codes(c for c, m in MOVES.items() if Account.BANK in (m.leaves, m.reaches))
# What a transfer that a movement caused did to the suspense account.
_IN_SUSPENSE = f"""CASE WHEN t.code IN ({_codes(c for c, m in MOVES.items() if m.reaches is Account.SUSPENSE)})
    THEN t.amount_cents ELSE -t.amount_cents END"""
_SUSPENSE_CODES = _codes(c for c, m in MOVES.items() if Account.SUSPENSE in (m.leaves, m.reaches))
_REACHES_SUSPENSE = _codes(
    c for c, m in MOVES.items() if m.reaches is Account.SUSPENSE or c is Transfer.UNEXPLAINED_OUT
)

_TOP_UP = """
    SELECT 'wallet ' || id || ': topped up ' || topped_up_cents || ', should be '
           || div(subsidy_cents::numeric * deposited_cents, own_share_cents)
    FROM wallet_wallet
    WHERE topped_up_cents <> div(subsidy_cents::numeric * deposited_cents, own_share_cents)"""

_WITHIN_THE_WALLET = """
    SELECT 'wallet ' || w.id || ': ordered ' || w.ordered_cents || ' of ' || coalesce(a.amount_cents, 0)
    FROM wallet_wallet w LEFT JOIN applications_application a USING (id)
    WHERE a.id IS NULL OR w.own_share_cents <> a.own_share_cents OR w.subsidy_cents <> a.subsidy_cents
       OR w.own_share_cents + w.subsidy_cents <> a.amount_cents
       OR w.ordered_cents > a.amount_cents OR w.own_out_cents > w.deposited_cents
       OR w.subsidy_out_cents > w.topped_up_cents"""

_ORDERED_AS_PAID = f"""
    SELECT 'payment ' || p.id || ': its transfers say otherwise'
    FROM wallet_payment p
    LEFT JOIN wallet_transfer t ON t.source_id = p.id AND t.wallet_id = p.wallet_id
    GROUP BY p.id HAVING
        coalesce(sum(t.amount_cents) FILTER (WHERE t.code = {Transfer.ORDERED_OWN:d}), 0)
            <> CASE WHEN p.kind = 'provider' THEN p.own_cents ELSE 0 END
     OR coalesce(sum(t.amount_cents) FILTER (WHERE t.code = {Transfer.ORDERED_SUBSIDY:d}), 0)
            <> CASE WHEN p.kind = 'provider' THEN p.subsidy_cents ELSE 0 END
     OR coalesce(sum(t.amount_cents)
            FILTER (WHERE t.code IN ({_codes((Transfer.REFUNDED_OWN, Transfer.RETURN_TO_SENDER))})), 0)
            <> CASE WHEN p.kind = 'provider' THEN 0 ELSE p.amount_cents END
     OR p.own_cents + p.subsidy_cents <> CASE WHEN p.kind = 'return' THEN 0 ELSE p.amount_cents END
     OR (p.kind <> 'provider' AND p.subsidy_cents <> 0)"""

_RUNS = """
    SELECT 'payment run ' || coalesce(r.id, p.run_id) || ': ' || coalesce(r.payment_count, 0) || ' payments of '
           || coalesce(r.total_cents, 0) || ', counted ' || coalesce(p.count, 0) || ' of ' || coalesce(p.cents, 0)
    FROM bank_paymentrun r FULL JOIN
         (SELECT run_id, count(*) AS count, sum(amount_cents) AS cents FROM wallet_payment
          WHERE run_id IS NOT NULL GROUP BY run_id) AS p ON p.run_id = r.id
    WHERE (r.payment_count, r.total_cents) IS DISTINCT FROM (p.count, p.cents)"""

_CEILING = """
    SELECT 'ceiling of ' || c.enterprise_number || ' in ' || c.year || ': granted ' || c.granted_cents
           || ', applications say ' || coalesce(sum(a.counted_cents), 0) || ', at most ' || c.ceiling_cents
    FROM applications_ceilinguse c LEFT JOIN applications_application a
      ON a.enterprise_number = c.enterprise_number AND a.scheme = c.scheme AND a.ceiling_year = c.year
    GROUP BY c.id HAVING c.granted_cents <> coalesce(sum(a.counted_cents), 0)
        OR c.granted_cents > c.ceiling_cents"""

_COUNTED = f"""
    SELECT 'application ' || a.id || ': counts for ' || a.counted_cents || ' in the ceiling of '
           || coalesce(a.ceiling_year, 0)
    FROM applications_application a LEFT JOIN applications_ceilinguse c
      ON a.enterprise_number = c.enterprise_number AND a.scheme = c.scheme AND a.ceiling_year = c.year
    WHERE CASE WHEN a.ceiling_year IS NULL THEN a.counted_cents <> 0
               ELSE c.id IS NULL OR a.counted_cents > a.subsidy_cents
                    OR (a.state NOT IN ({_states(STOPPED)}) AND a.counted_cents <> a.subsidy_cents) END"""

_WHERE_THE_MONEY_IS = """
    SELECT 'wallet ' || w.id || ': figures and payments differ'
    FROM wallet_wallet w LEFT JOIN wallet_payment p ON p.wallet_id = w.id
    GROUP BY w.id HAVING
        w.ordered_cents <> coalesce(sum(p.amount_cents)
            FILTER (WHERE p.kind = 'provider' AND p.state <> 'bounced'), 0)
     OR w.paid_cents <> coalesce(sum(p.amount_cents) FILTER (WHERE p.kind = 'provider' AND p.state = 'paid'), 0)
     OR w.refunded_cents <> coalesce(sum(p.amount_cents) FILTER (WHERE p.kind = 'refund'), 0)
     OR w.deposited_cents + w.topped_up_cents <> w.ordered_cents + w.refunded_cents + w.returned_cents
        + (w.deposited_cents - w.own_out_cents) + (w.topped_up_cents - w.subsidy_out_cents)"""

_STATES = f"""
    SELECT 'application ' || a.id || ' is ' || a.state || ', and its wallet says otherwise'
    FROM applications_application a LEFT JOIN wallet_wallet w USING (id)
    WHERE CASE
        WHEN w.id IS NULL THEN a.state NOT IN
            ({_states({State.DRAFT, State.SUBMITTED, State.REFUSED, State.CANCELLED})})
        WHEN NOT w.is_open THEN a.state NOT IN ({_states({State.LAPSED, State.CANCELLED})})
        WHEN w.paid_cents >= w.own_share_cents + w.subsidy_cents
            THEN a.state NOT IN ({_states({State.PAID, State.CLOSED})})
        WHEN w.paid_cents > 0 THEN a.state <> '{State.PARTLY_PAID}'
        WHEN w.deposited_cents >= w.own_share_cents THEN a.state <> '{State.FUNDED}'
        WHEN w.deposited_cents > 0 THEN a.state <> '{State.PARTLY_FUNDED}'
        ELSE a.state <> '{State.APPROVED}' END"""

_CHAIN = """
    SELECT 'statement ' || s.id || ' opens at ' || s.opening_cents || ', the one before closed at ' || s.before
    FROM (SELECT id, opening_cents,
                 lag(closing_cents, 1, 0::bigint) OVER (PARTITION BY account_id ORDER BY id) AS before
          FROM bank_statement) AS s
    WHERE s.opening_cents <> s.before
    UNION ALL
    SELECT 'statement ' || s.id || ' moves ' || s.closing_cents - s.opening_cents || ', its lines '
           || coalesce(sum(m.amount_cents), 0)
    FROM bank_statement s LEFT JOIN bank_movement_seen m ON m.statement_id = s.id
    GROUP BY s.id HAVING s.closing_cents - s.opening_cents <> coalesce(sum(m.amount_cents), 0)
    UNION ALL
    SELECT 'account ' || a.id || ': ' || a.balance_cents || ', its last statement says ' || s.closing_cents
    FROM bank_bankaccount a JOIN bank_statement s
      ON s.id = (SELECT max(id) FROM bank_statement WHERE account_id = a.id)
    WHERE a.balance_cents <> s.closing_cents"""

_MOVEMENTS = f"""
    SELECT 'movement ' || coalesce(m.id, t.source_id) || ': the bank says ' || coalesce(m.amount_cents, 0)
           || ', the books ' || coalesce(t.cents, 0)
    FROM bank_movement_seen m FULL JOIN
         (SELECT source_id, sum({_ON_THE_BANK}) AS cents FROM wallet_transfer WHERE code IN ({_BANK_CODES})
          GROUP BY source_id) AS t ON t.source_id = m.id
    WHERE coalesce(m.amount_cents, 0) <> coalesce(t.cents, 0)"""

_EXCEPTIONS = f"""
    SELECT 'exception ' || e.id || ': ' || e.left_cents || ' left of ' || e.amount_cents || ', the books say '
           || coalesce(sum({_IN_SUSPENSE}), 0) || ' of '
           || coalesce(sum({_IN_SUSPENSE}) FILTER (WHERE t.code IN ({_REACHES_SUSPENSE})), 0)
    FROM bank_bankexception e
    LEFT JOIN wallet_transfer t ON t.source_id = e.movement_id AND t.code IN ({_SUSPENSE_CODES})
    GROUP BY e.id HAVING
        e.amount_cents <> coalesce(sum({_IN_SUSPENSE}) FILTER (WHERE t.code IN ({_REACHES_SUSPENSE})), 0)
     OR (e.settled_how <> 'returned' AND e.left_cents <> coalesce(sum({_IN_SUSPENSE}), 0))"""

_BUDGET = """
    SELECT 'budget ' || b.scheme || ' ' || b.year || ': committed ' || b.committed_cents || ', wallets say '
           || coalesce(sum(CASE WHEN w.is_open THEN w.subsidy_cents
                                ELSE w.subsidy_out_cents - w.returned_cents END), 0)
    FROM budget_budget b
    LEFT JOIN applications_application a ON a.scheme = b.scheme AND a.ceiling_year = b.year
    LEFT JOIN wallet_wallet w ON w.id = a.id
    GROUP BY b.id HAVING b.committed_cents > b.voted_cents OR b.committed_cents <> coalesce(
        sum(CASE WHEN w.is_open THEN w.subsidy_cents ELSE w.subsidy_out_cents - w.returned_cents END), 0)
    UNION ALL
    SELECT 'application ' || a.id || ': nothing was voted for ' || a.scheme || ' in ' || a.ceiling_year
    FROM applications_application a LEFT JOIN budget_budget b ON b.scheme = a.scheme AND b.year = a.ceiling_year
    WHERE a.ceiling_year IS NOT NULL AND b.id IS NULL"""

_DECISIONS = """
    SELECT 'decision ' || id || ' is not what was decided' FROM applications_decision
    WHERE encode(sha256(record), 'hex') <> digest"""

QUERIES: Mapping[str, LiteralString] = {
    law: cast("LiteralString", query)
    for law, query in {
        "2 De overheid legde precies haar deel bij van wat gestort is": _TOP_UP,
        "3 Geen betaling is groter dan de portefeuille, en de dienstverlener krijgt het bedrag zonder btw": (
            _WITHIN_THE_WALLET
        ),
        "3 Elke betaling is precies wat ervoor opzij gezet is": _ORDERED_AS_PAID,
        "3 Elk betaalbestand is de som van zijn betalingen": _RUNS,
        "4 Geen onderneming kreeg meer dan haar jaarplafond": _CEILING,
        "4 Elke goedgekeurde aanvraag telt mee in een jaarplafond": _COUNTED,
        "5 Per aanvraag: gestort en bijgelegd is betaald, onderweg, terugbetaald of nog aanwezig": (
            _WHERE_THE_MONEY_IS
        ),
        "5 De staat van elke aanvraag volgt uit haar portefeuille": _STATES,
        "6 Elk uittreksel begint waar het vorige eindigde, en zijn lijnen maken het verschil": _CHAIN,
        "6 Elke beweging van de bank staat voor precies dat bedrag in de boeken": _MOVEMENTS,
        "6 Elke uitzondering is wat de boeken van die beweging niet konden plaatsen": _EXCEPTIONS,
        "7 Budget: gereserveerd, betaald en vrij zijn samen wat gestemd is": _BUDGET,
        "9 Elke beslissing is nog wat ze was": _DECISIONS,
    }.items()
}

# What an account must hold, told by tables other than the transfers.
COUNTERPARTS: Mapping[Account, tuple[str, LiteralString]] = {
    Account.BANK: (
        "6 Het saldo in de boeken is het eindsaldo van de bank",
        "SELECT coalesce(sum(balance_cents), 0) FROM bank_bankaccount",
    ),
    Account.SUSPENSE: (
        "6 Bij de uitzonderingen staat precies wat nog niet verklaard is",
        "SELECT coalesce(sum(left_cents), 0) FROM bank_bankexception",
    ),
    Account.PAYABLE: (
        "3 Opzij voor dienstverleners staat wat besteld en nog niet betaald is",
        """SELECT coalesce(sum(amount_cents), 0) FROM wallet_payment
           WHERE kind = 'provider' AND state IN ('ordered', 'in_run')""",
    ),
    Account.REFUNDS: (
        "5 Opzij voor terugbetalingen staat wat besteld en nog niet terugbetaald is",
        """SELECT coalesce(sum(amount_cents), 0) FROM wallet_payment
           WHERE kind IN ('refund', 'return') AND state IN ('ordered', 'in_run')""",
    ),
    Account.OWN_SHARE: (
        "5 In de portefeuilles zit het eigen deel dat de boeken zeggen",
        "SELECT coalesce(sum(deposited_cents - own_out_cents), 0) FROM wallet_wallet",
    ),
    Account.SUBSIDY: (
        "5 In de portefeuilles zit het deel van de overheid dat de boeken zeggen",
        "SELECT coalesce(sum(topped_up_cents - subsidy_out_cents), 0) FROM wallet_wallet",
    ),
}
