"""Make one report, in the process that was started for it.

Reads the documents once and deals them to workers (``checking``), a second time to look for leaks,
and measures the sample; then the verdict. Everything is counted over the whole corpus that costs
little: documents, lengths, scripts, exact copies, repeated lines, personal data. Near duplicates
stand on the whole up to 300 MB, rules on the whole up to 10 MB, beyond that on the documents with
the smallest hashes; leaks are looked for up to 100 MB; diversity, topics, languages and
suitability stand on 5 MB of passages; the removal table is the preparation's own examination
(``removing``). What stands on how much is in the report.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterator, Sequence

from sslstudio.corpora.duplicates.repeated_lines import RepeatedLines
from sslstudio.corpora.mending.mender import Mender
from sslstudio.corpora.personal.finding import KINDS
from sslstudio.corpora.report import cache
from sslstudio.corpora.report.children import Workers, worker_count
from sslstudio.corpora.report.dealing import Dealer
from sslstudio.corpora.report.facts import CorpusReport, RepeatedLine, SourceReport
from sslstudio.corpora.report.frames import unpack_arrays
from sslstudio.corpora.report.inputs import Input, cache_key, find_inputs
from sslstudio.corpora.report.leaking import with_leaks
from sslstudio.corpora.report.lengths import histogram, quantiles
from sslstudio.corpora.report.near import NearFound, exact_copies
from sslstudio.corpora.report.removing import with_removal
from sslstudio.corpora.report.request import Request
from sslstudio.corpora.report.sampled import add_sampled
from sslstudio.corpora.report.sums import SourceSums, Sums
from sslstudio.corpora.report.verdict import judge
from sslstudio.corpora.rules.presets import PRESETS
from sslstudio.corpora.sources import Ticker
from sslstudio.errors import CorpusError

NEAR_BYTES = 300_000_000
RULES_BYTES = 10_000_000
_BYTES_A_WORKER = 500_000
MOST_LINES = 800_000
_SHOWN_LINES = 20
Tell = Callable[[str, int, int, str], None]


def assemble(request: Request, tell: Tell) -> CorpusReport:
    """Return the report that ``request`` asks for.

    Raises:
        CorpusError: a source is missing, cannot be read, or holds nothing but blank text.
        RecipeError: a source turns off a rule that does not exist.
    """
    began = time.monotonic()
    ticker = Ticker(tell)
    for source in request.sources:
        Mender(source)  # refuses what the workers could not do
    inputs = find_inputs(request.sources, ticker)
    key = cache_key(request, inputs)
    report = cache.find(key)
    if report is None:
        report = _made(request, inputs, ticker, began)
        cache.keep(key, report)
    # judged anew, so that a release with other limits says so at once
    return judge(report, request.sources, request.data)


def _made(request: Request, inputs: Sequence[Input], ticker: Ticker, began: float) -> CorpusReport:
    total = sum(size for given in inputs for size in given.sizes)
    with Workers(max(1, min(worker_count(), total // _BYTES_A_WORKER))) as workers:
        report = _measure(request, inputs, workers, ticker, total)
    return dataclasses.replace(report, seconds=time.monotonic() - began)


def _measure(
    request: Request,
    inputs: Sequence[Input],
    workers: Workers,
    ticker: Ticker,
    total: int,
) -> CorpusReport:
    dealer = Dealer(inputs)
    sums = Sums(len(inputs), _share(NEAR_BYTES, total), _share(RULES_BYTES, total))
    lines = _first_pass(request, dealer, sums, workers, ticker, total)
    _require_text(inputs, sums, dealer)
    ticker("comparing documents", 0, 1, "steps")
    report = _counted(inputs, dealer, sums, sums.near.find(), lines, total)
    report = with_removal(report, request, inputs, ticker)
    report = with_leaks(report, request, inputs, sums, workers, ticker)
    return add_sampled(
        report,
        dealer.sample.passages(),
        [sample.passages() for sample in dealer.samples],
        request.purpose,
        workers,
        ticker,
    )


def _share(limit: int, total: int) -> float:
    return min(1.0, limit / total) if total else 1.0


def _first_pass(
    request: Request, dealer: Dealer, sums: Sums, workers: Workers, ticker: Ticker, total: int
) -> RepeatedLines:
    plain = request.to_json()
    # all workers together hold no more lines than one would alone
    most_lines = MOST_LINES // len(workers)
    workers.tell({"begin": "check", "sources": plain["sources"], "most_lines": most_lines})
    for answer in workers.map(dealer.batches(sums.settings)):
        batch = dealer.dealt.popleft()
        sums.add(batch, answer)
        ticker("reading", batch.done_bytes, total, "bytes")
    lines = RepeatedLines()
    for meta, body in workers.tell({"finish": True}):
        arrays = unpack_arrays(meta["arrays"], body)
        lines.merge(RepeatedLines.from_state(meta["lines"], arrays))
    return lines


def _require_text(inputs: Sequence[Input], sums: Sums, dealer: Dealer) -> None:
    for given, counts in zip(inputs, sums.sources, strict=True):
        if not counts.documents:
            reasons = [reason for _, reason in dealer.skipped]
            reason = f": {reasons[-1]}" if reasons else " that is not blank: add some"
            raise CorpusError(f"{given.source.path} holds no text{reason}")


def _counted(
    inputs: Sequence[Input],
    dealer: Dealer,
    sums: Sums,
    near: NearFound,
    lines: RepeatedLines,
    total: int,
) -> CorpusReport:
    """Return the report with everything that the first pass told."""
    edges, counts = histogram(sums.lengths())
    sources = tuple(map(_source, inputs, sums.sources))
    return CorpusReport(
        sources=sources,
        documents=sum(source.documents for source in sources),
        characters=sum(source.characters for source in sources),
        bytes=sum(source.bytes for source in sources),
        words=sum(source.words for source in sources),
        read_bytes=total,
        total_bytes=total,
        is_sample=False,
        lengths=quantiles(sums.lengths().astype("int64")),
        histogram_edges=edges,
        histogram_counts=counts,
        scripts=sums.scripts.shares(),
        exact_duplicates=exact_copies(sums.keys()),
        near_duplicates=near.duplicates,
        near_duplicate_groups=near.groups,
        clusters=near.clusters,
        repeated_lines=tuple(
            RepeatedLine(line.text, line.documents, line.characters)
            for line in lines.top(_SHOWN_LINES)
        ),
        repeated_line_share=lines.share,
        rules=sums.rules(),
        rule_families=dict(sums.families),
        damaged=sums.damaged,
        personal_data={kind: sums.personal[kind] for kind in KINDS},
        personal_examples={k: tuple(v) for k, v in sums.personal_examples.items()},
        checked_documents=len(sums.near),
        checked_bytes=sums.near.sample_bytes,
        ruled_documents=sums.ruled_documents,
        ruled_bytes=sums.ruled_bytes,
        skipped=tuple(_skipped(inputs, dealer)),
    )


def _source(given: Input, counts: SourceSums) -> SourceReport:
    characters = max(1, counts.examined_characters)
    return SourceReport(
        title=given.title,
        path=given.source.path,
        documents=counts.documents,
        characters=counts.characters,
        bytes=counts.bytes,
        words=counts.words,
        licence=given.source.licence,
        preset=given.source.preset,
        presets={name: counts.presets[name] / characters for name in PRESETS},
        repetitive=counts.repetitive / max(1, counts.examined),
        removed=counts.removed_characters / characters,
        prose=counts.sentences / max(1, counts.examined),
        cut_off=counts.cut_off / max(1, counts.sentences),
        markup=counts.tag_characters / characters,
    )


def _skipped(inputs: Sequence[Input], dealer: Dealer) -> Iterator[tuple[str, str]]:
    for given in inputs:
        yield from ((skipped.path, skipped.reason) for skipped in given.skipped)
    yield from dealer.skipped
