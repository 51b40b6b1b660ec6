import '../styles/tokens.css';
import '../styles/base.css';
import '../styles/components.css';
import '../styles/layout.css';
import './report.css';
import { render } from 'preact';
import { now } from '../components/time.tsx';
import { applyTheme } from '../theme.ts';
import { DATA_ID, type ReportData } from './data.ts';
import { Report } from './report.tsx';

applyTheme();
const root = document.getElementById('app');
const data: ReportData = JSON.parse(document.getElementById(DATA_ID)?.textContent ?? '');
now.value = Date.parse(data.asOf);
if (root !== null) render(<Report data={data} />, root);
