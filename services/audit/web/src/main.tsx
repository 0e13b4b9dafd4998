import {StrictMode, useCallback, useEffect, useState} from 'react';
import {createRoot} from 'react-dom/client';
import {ApiError, getNames, getOverview, getSpending} from './api';
import type {Names, Overview, SpendingLine} from './api';
import {Cycles, Money, Spending, States, Trace} from './sections';
import {moment, say} from './words';
import type {Language} from './words';
import './style.css';

interface Figures {
  overview: Overview;
  spending: SpendingLine[];
  names: Names;
}

function Dashboard() {
  const [language, setLanguage] = useState<Language>('zh');
  const [figures, setFigures] = useState<Figures | null>(null);
  const [complaint, setComplaint] = useState('');

  const load = useCallback(async () => {
    try {
      const [overview, spending, names] = await Promise.all([getOverview(), getSpending(), getNames()]);
      setFigures({overview: {...overview, states: overview.states ?? [], stages: overview.stages ?? []}, spending, names});
      setComplaint('');
    } catch (error) {
      setComplaint(error instanceof ApiError ? error.message : String(error));
    }
  }, []);
  useEffect(() => {
    void load();
  }, [load]);
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  }, [language]);

  return (
    <>
      <header>
        <h1>{say(language, 'title')}</h1>
        <button type="button" onClick={() => setLanguage(language === 'zh' ? 'en' : 'zh')} data-testid="language">
          {say(language, 'switchTo')}
        </button>
        <button type="button" onClick={() => void load()}>
          {say(language, 'refresh')}
        </button>
      </header>
      <main>
        <p className="note">{say(language, 'example')}</p>
        {complaint !== '' && (
          <p role="alert" className="bad">
            {say(language, 'failed')}: {complaint}
          </p>
        )}
        {figures === null ? (
          <p>{say(language, 'loading')}</p>
        ) : (
          <>
            <Money language={language} overview={figures.overview} />
            <States language={language} overview={figures.overview} />
            <Cycles language={language} overview={figures.overview} />
            <Spending language={language} lines={figures.spending} names={figures.names} />
            <p>
              {say(language, 'events')}: <span data-testid="events">{figures.overview.events}</span>
              {figures.overview.lastEventTime !== undefined &&
                figures.overview.lastEventTime !== null &&
                ` · ${say(language, 'updated')}: ${moment(language, figures.overview.lastEventTime)}`}
            </p>
          </>
        )}
        <Trace language={language} />
      </main>
    </>
  );
}

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <Dashboard />
  </StrictMode>,
);
