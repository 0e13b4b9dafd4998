import {BarChart, SankeyChart} from 'echarts/charts';
import {GridComponent, TooltipComponent} from 'echarts/components';
import * as echarts from 'echarts/core';
import {SVGRenderer} from 'echarts/renderers';
import type {EChartsCoreOption} from 'echarts/core';
import {useEffect, useRef} from 'react';

echarts.use([BarChart, SankeyChart, GridComponent, TooltipComponent, SVGRenderer]);

// A picture of figures that stand beside it as text: hidden from screen readers.
export function Chart({option, height}: {option: EChartsCoreOption; height: number}) {
  const element = useRef<HTMLDivElement>(null);
  const chart = useRef<echarts.ECharts | null>(null);
  useEffect(() => {
    if (element.current === null) return undefined;
    const made = echarts.init(element.current, undefined, {renderer: 'svg'});
    chart.current = made;
    const resize = () => made.resize();
    window.addEventListener('resize', resize);
    return () => {
      window.removeEventListener('resize', resize);
      made.dispose();
    };
  }, []);
  useEffect(() => {
    chart.current?.setOption(option, {notMerge: true});
  }, [option]);
  return <div ref={element} style={{height}} aria-hidden="true" />;
}
