import {useMemo, useState} from 'react';
import type {FormEvent} from 'react';
import {ApiError, getTrace} from './api';
import type {MoneyFlow, Names, Overview, SpendingLine, StageTime, TraceEvent} from './api';
import {Chart} from './Chart';
import {duration, moment, say, sayState, yuan} from './words';
import type {Language, Word} from './words';

const zero: MoneyFlow = {
  allocatedFen: '0',
  availableFen: '0',
  reservedFen: '0',
  paidFen: '0',
  releasedFen: '0',
};

export function Money({language, overview}: {language: Language; overview: Overview}) {
  const money = overview.money ?? zero;
  const parts: [Word, string][] = [
    ['available', money.availableFen],
    ['reserved', money.reservedFen],
    ['paid', money.paidFen],
  ];
  const balanced =
    BigInt(money.allocatedFen) === parts.reduce((sum, [, fen]) => sum + BigInt(fen), 0n);
  const option = useMemo(
    () => ({
      animation: false,
      tooltip: {valueFormatter: (value: unknown) => `¥${String(value)}`},
      series: [
        {
          type: 'sankey',
          left: 8,
          right: 150,
          nodeWidth: 18,
          data: [{name: say(language, 'allocated')}, ...parts.map(([word]) => ({name: say(language, word)}))],
          links: parts
            .filter(([, fen]) => BigInt(fen) > 0n)
            .map(([word, fen]) => ({
              source: say(language, 'allocated'),
              target: say(language, word),
              // Only the picture is drawn from a rounded number.
              value: Number(fen) / 100,
            })),
        },
      ],
    }),
    [language, money.availableFen, money.reservedFen, money.paidFen],
  );
  return (
    <section aria-labelledby="money">
      <h2 id="money">{say(language, 'money')}</h2>
      <Chart option={option} height={220} />
      <dl className="figures">
        {([['allocated', money.allocatedFen], ...parts, ['released', money.releasedFen]] as [Word, string][]).map(
          ([word, fen]) => (
            <div key={word}>
              <dt>{say(language, word)}</dt>
              <dd data-testid={`money-${word}`} data-fen={fen}>
                {yuan(fen)}
              </dd>
            </div>
          ),
        )}
      </dl>
      <p className={balanced ? 'good' : 'bad'} data-testid="money-balance">
        {say(language, balanced ? 'balanced' : 'unbalanced')}
      </p>
    </section>
  );
}

export function States({language, overview}: {language: Language; overview: Overview}) {
  const option = useMemo(
    () => ({
      animation: false,
      tooltip: {},
      grid: {left: 110, right: 50, top: 8, bottom: 24},
      xAxis: {type: 'value', minInterval: 1},
      yAxis: {
        type: 'category',
        inverse: true,
        data: overview.states.map(({state}) => sayState(language, state)),
      },
      series: [
        {
          type: 'bar',
          label: {show: true, position: 'right'},
          data: overview.states.map(({applications}) => Number(applications)),
        },
      ],
    }),
    [language, overview],
  );
  return (
    <section aria-labelledby="states">
      <h2 id="states">{say(language, 'states')}</h2>
      <Chart option={option} height={Math.max(120, 30 + 26 * overview.states.length)} />
      <table>
        <thead>
          <tr>
            <th scope="col">{say(language, 'state')}</th>
            <th scope="col" className="number">
              {say(language, 'applications')}
            </th>
          </tr>
        </thead>
        <tbody>
          {overview.states.map(({state, applications}) => (
            <tr key={state}>
              <th scope="row">{sayState(language, state)}</th>
              <td className="number" data-testid={`state-${state}`}>
                {applications}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

export function Cycles({language, overview}: {language: Language; overview: Overview}) {
  const row = (name: string, time: StageTime) => (
    <tr key={time.stage}>
      <th scope="row">{name}</th>
      <td className="number">{time.count}</td>
      <td className="number">{duration(language, time.p50Ms)}</td>
      <td className="number">{duration(language, time.p90Ms)}</td>
      <td className="number">{duration(language, time.maxMs)}</td>
    </tr>
  );
  return (
    <section aria-labelledby="cycle">
      <h2 id="cycle">{say(language, 'cycle')}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{say(language, 'stage')}</th>
            {(['count', 'median', 'p90', 'longest'] as Word[]).map((word) => (
              <th scope="col" className="number" key={word}>
                {say(language, word)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {overview.cycle !== undefined && row(say(language, 'cycleWhole'), overview.cycle)}
          {overview.stages.map((time) => row(sayState(language, time.stage), time))}
        </tbody>
      </table>
    </section>
  );
}

interface SpendingProps {
  language: Language;
  lines: SpendingLine[];
  names: Names;
}

export function Spending({language, lines, names}: SpendingProps) {
  const sum = (field: 'paidFen' | 'reservedFen') =>
    lines.reduce((total, line) => total + BigInt(line[field]), 0n).toString();
  return (
    <section aria-labelledby="spending">
      <h2 id="spending">{say(language, 'spending')}</h2>
      {lines.length === 0 && <p>{say(language, 'empty')}</p>}
      <div className="scroll" tabIndex={0} role="region" aria-labelledby="spending">
        <table>
          <thead>
            <tr>
              <th scope="col">{say(language, 'county')}</th>
              <th scope="col">{say(language, 'item')}</th>
              <th scope="col" className="number">
                {say(language, 'cases')}
              </th>
              <th scope="col" className="number">
                {say(language, 'paid')}
              </th>
              <th scope="col" className="number">
                {say(language, 'reserved')}
              </th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <tr key={`${line.countyCode}-${line.itemCode}`}>
                <th scope="row">
                  {names.counties[line.countyCode] ?? ''} {line.countyCode}
                </th>
                <td>
                  {line.itemCode} {names.items[line.itemCode]?.[language] ?? ''}
                </td>
                <td className="number">{line.paidCases}</td>
                <td className="number">{yuan(line.paidFen)}</td>
                <td className="number">{yuan(line.reservedFen)}</td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row" colSpan={3}>
                Σ
              </th>
              <td className="number" data-testid="spending-paid" data-fen={sum('paidFen')}>
                {yuan(sum('paidFen'))}
              </td>
              <td className="number" data-fen={sum('reservedFen')}>
                {yuan(sum('reservedFen'))}
              </td>
            </tr>
          </tfoot>
        </table>
      </div>
    </section>
  );
}

export function Trace({language}: {language: Language}) {
  const [application, setApplication] = useState('');
  const [events, setEvents] = useState<TraceEvent[]>([]);
  const [complaint, setComplaint] = useState('');
  const show = async (submit: FormEvent) => {
    submit.preventDefault();
    setComplaint('');
    try {
      setEvents((await getTrace(application.trim())).events ?? []);
    } catch (error) {
      setEvents([]);
      setComplaint(error instanceof ApiError ? error.message : say(language, 'failed'));
    }
  };
  return (
    <section aria-labelledby="trace">
      <h2 id="trace">{say(language, 'trace')}</h2>
      <form onSubmit={show}>
        <label htmlFor="application">{say(language, 'traceLabel')}</label>
        <input
          id="application"
          value={application}
          onChange={(event) => setApplication(event.target.value)}
          placeholder={say(language, 'traceHint')}
          size={44}
        />
        <button type="submit">{say(language, 'show')}</button>
      </form>
      {complaint !== '' && (
        <p role="alert" className="bad" data-testid="trace-error">
          {complaint}
        </p>
      )}
      {events.length > 0 && (
        <div className="scroll" tabIndex={0} role="region" aria-labelledby="trace">
          <table data-testid="trace">
            <thead>
              <tr>
                {(['time', 'what', 'who', 'where', 'detail'] as Word[]).map((word) => (
                  <th scope="col" key={word}>
                    {say(language, word)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {events.map((event) => (
                <tr key={event.sequence}>
                  <td>{moment(language, event.time)}</td>
                  <td>{language === 'zh' ? event.textZh : event.textEn}</td>
                  <td>{event.actor}</td>
                  <td>
                    {event.subject} v{event.aggregateVersion}
                  </td>
                  <td>
                    <details>
                      <summary>{event.type.split('.').pop()}</summary>
                      <pre>{event.dataJson}</pre>
                    </details>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
