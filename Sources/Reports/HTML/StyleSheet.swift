/// The style sheet of a page: one for screens wide and narrow, light and dark, and for paper.
enum StyleSheet {
  /// The text.
  static let text = """
    :root{color-scheme:light dark;\(Palette.light.properties)}
    @media (prefers-color-scheme:dark){:root{\(Palette.dark.properties)}}
    \(page)
    \(blocks)
    \(plots)
    \(narrow)
    \(paper)
    """

  private static let page = """
    *,*::before,*::after{box-sizing:border-box}
    html{font:100%/1.6 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif;
    -webkit-text-size-adjust:100%;text-size-adjust:100%;scroll-behavior:smooth}
    @media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
    body{margin:0;background:var(--page);color:var(--ink)}
    a{color:var(--link);text-underline-offset:.15em;text-decoration-thickness:.06em}
    a:hover{text-decoration-thickness:.12em}
    :focus-visible{outline:3px solid var(--focus);outline-offset:3px;border-radius:2px}
    .skip{position:absolute;left:1rem;top:-4rem;background:var(--card);color:var(--link);padding:.5rem 1rem;z-index:2}
    .skip:focus{top:.5rem}
    .wide{max-width:62rem;margin:0 auto;padding:0 1.5rem}
    header.top{background:var(--card);border-bottom:1px solid var(--rule);padding:3rem 0 2rem}
    main{padding:1rem 0 3rem}
    footer{overflow-wrap:anywhere;border-top:1px solid var(--rule);padding:1.5rem 0 3rem;color:var(--muted);font-size:.875rem}
    h1,h2,h3,h4{line-height:1.25;margin:0;font-weight:650;text-wrap:balance}
    h1{font-size:2rem;letter-spacing:-.015em}
    h2{font-size:1.375rem;margin:3.25rem 0 1rem;letter-spacing:-.01em}
    h3{font-size:1.125rem}
    h4{font-size:.9375rem;margin:1.75rem 0 .5rem}
    p{margin:.5rem 0 1rem;max-width:44rem}
    ul{margin:.5rem 0 1rem;padding-left:1.25rem;max-width:46rem}
    li{margin:.25rem 0}
    code,pre,.mono{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono","Liberation Mono",monospace;
    font-size:.875em}
    code{overflow-wrap:anywhere}
    code,.user{unicode-bidi:isolate}
    pre{background:var(--code);border-radius:6px;padding:.875rem 1rem;margin:.75rem 0 1.25rem;white-space:pre-wrap;
    overflow-wrap:anywhere;line-height:1.5;unicode-bidi:isolate}
    pre code{font-size:1em}
    .eyebrow{font-size:.8125rem;color:var(--muted);margin:0 0 .375rem;letter-spacing:.01em}
    .muted{color:var(--muted)}
    .lead{font-size:1.0625rem}
    .user,h1,h2,h3,td,dd,li,p,figcaption{overflow-wrap:anywhere}
    """

  private static let blocks = """
    .states{display:grid;gap:.75rem;margin:1.75rem 0 0;padding:0;list-style:none;max-width:none}
    .states li{margin:0;border-left:4px solid;border-radius:0 6px 6px 0;padding:.75rem 1rem .8125rem}
    .states strong{display:block}
    .states .detail{color:var(--ink);font-size:.9375rem;display:block;max-width:48rem}
    .states .verdict strong{font-size:1.375rem;line-height:1.3}
    .holds-box{background:var(--holds-soft);border-color:var(--holds);color:var(--holds)}
    .violated-box{background:var(--violated-soft);border-color:var(--violated);color:var(--violated)}
    .open-box{background:var(--open-soft);border-color:var(--open);color:var(--open)}
    .unanswered-box{background:var(--unanswered-soft);border-color:var(--unanswered);color:var(--unanswered)}
    nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;padding:0;margin:1.75rem 0 0;
    font-size:.9375rem;max-width:none}
    nav li{margin:0}
    .table{overflow-x:auto;background:var(--card);border:1px solid var(--rule);border-radius:8px;margin:1rem 0 1.25rem}
    table{border-collapse:collapse;width:100%;font-size:.9375rem}
    caption{text-align:left;padding:.875rem 1rem 0;color:var(--muted);font-size:.875rem}
    th,td{text-align:left;vertical-align:top;padding:.625rem 1rem;border-top:1px solid var(--rule)}
    thead th{border-top:0;font-size:.8125rem;font-weight:600;color:var(--muted);vertical-align:bottom}
    tbody th{font-weight:600;min-width:9.5rem}
    th .muted{font-weight:400}
    .number{font-variant-numeric:tabular-nums;white-space:nowrap}
    .chip{display:inline-block;border-radius:999px;padding:.0625rem .625rem;font-size:.8125rem;font-weight:600;
    white-space:nowrap}
    .chips{display:flex;flex-wrap:wrap;gap:.375rem .5rem;list-style:none;margin:0;padding:0}
    .chips li{margin:0}
    .chips .chip{white-space:normal;overflow-wrap:anywhere;border-radius:.75rem}
    .chips a{text-decoration:none}
    .chips a:hover{text-decoration:underline}
    .holds-chip{background:var(--holds-soft);color:var(--holds)}
    .violated-chip{background:var(--violated-soft);color:var(--violated)}
    .open-chip{background:var(--open-soft);color:var(--open)}
    .unanswered-chip{background:var(--unanswered-soft);color:var(--unanswered)}
    .card{background:var(--card);border:1px solid var(--rule);border-radius:8px;padding:1.5rem 1.75rem;margin:1.25rem 0}
    .card>:last-child{margin-bottom:0}
    .name{display:flex;flex-wrap:wrap;align-items:baseline;gap:.375rem .75rem}
    .title{margin:.25rem 0 0;color:var(--muted)}
    dl{display:grid;grid-template-columns:minmax(8rem,max-content) 1fr;gap:.375rem 1.5rem;margin:1rem 0;
    font-size:.9375rem}
    dt{color:var(--muted)}
    dd{margin:0;min-width:0}
    .note{border-left:3px solid var(--rule);padding-left:1rem}
    .digest{font-size:.8125rem;overflow-wrap:anywhere}
    .source{counter-reset:line;font-size:.8125rem;padding-left:0}
    .source span{display:block;padding-left:4.25rem;text-indent:-4.25rem}
    .source span::before{counter-increment:line;content:counter(line);display:inline-block;width:3rem;margin-right:1.25rem;
    text-align:right;color:var(--muted);text-indent:0}
    .source span:target{background:var(--open-soft)}
    """

  private static let plots = """
    figure{margin:1.25rem 0}
    figcaption{font-size:.875rem;color:var(--muted);margin-top:.375rem;max-width:44rem}
    svg{display:block;max-width:100%;height:auto}
    svg.plot{width:100%;max-width:28rem}
    svg text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif;font-size:11px;
    fill:var(--muted);font-variant-numeric:tabular-nums}
    svg text.note{fill:var(--ink)}
    .pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(20rem,100%),1fr));gap:0 2rem}
    .pair figure{margin:.5rem 0}
    .pair dl{margin:.5rem 0;align-content:start}
    .axis{stroke:var(--line);stroke-width:1}
    .grid{stroke:var(--rule);stroke-width:1}
    .allowed{fill:var(--allowed)}
    .threshold{stroke:var(--ink);stroke-width:1.25;stroke-dasharray:3 2}
    .bar,.mark{fill:currentColor}
    .cap{stroke:currentColor;stroke-width:2}
    .holds{color:var(--holds)}.violated{color:var(--violated)}.open{color:var(--open)}.unanswered{color:var(--unanswered)}
    .count{fill:var(--tone0)}
    .undecided{fill:var(--tone3)}
    .tone0{fill:var(--tone0)}.tone1{fill:var(--tone1)}.tone2{fill:var(--tone2)}.tone3{fill:var(--tone3)}
    .tone4{fill:var(--tone4)}.hatch{fill:url(#hatch)}
    .shade0{fill:var(--shade0)}.shade1{fill:var(--shade1)}.shade2{fill:var(--shade2)}.shade3{fill:var(--shade3)}
    .shade4{fill:var(--shade4)}
    .cells{shape-rendering:crispEdges;width:100%}
    .frame{fill:none;stroke:var(--line);stroke-width:2}
    .maps{display:flex;flex-wrap:wrap;gap:1rem 1.25rem;margin:.75rem 0}
    .map{margin:0;width:min(17rem,100%)}
    .map.small{width:8.125rem}
    .map figcaption{font-size:.8125rem;line-height:1.4}
    .legend{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;padding:0;margin:.5rem 0 0;font-size:.875rem;
    color:var(--muted);max-width:none}
    .legend li{display:flex;align-items:center;gap:.5rem;margin:0}
    .legend svg{width:.875rem;height:.875rem;flex:none;outline:1px solid var(--line)}
    .hidden{position:absolute;width:0;height:0;overflow:hidden}
    img{image-rendering:pixelated;background:#000;display:block}
    .images{display:flex;flex-wrap:wrap;gap:1.25rem}
    .images figure{margin:.5rem 0;width:11rem}
    .images img{width:11rem;height:auto}
    .samples{display:grid;grid-template-columns:repeat(auto-fill,3rem);gap:.5rem .625rem;list-style:none;padding:0;
    max-width:44rem;margin:.5rem 0}
    .samples li{margin:0;text-align:center;font-size:.8125rem;line-height:1.4;color:var(--muted)}
    .samples img{width:3rem;height:auto}
    """

  private static let narrow = """
    @media (max-width:40rem){
    .wide{padding:0 1rem}
    header.top{padding:2rem 0 1.5rem}
    h1{font-size:1.5rem}
    h2{font-size:1.25rem;margin-top:2.5rem}
    .card{padding:1.125rem 1rem;margin:1rem 0}
    dl{grid-template-columns:1fr;gap:0}
    dd{margin-bottom:.625rem}
    th,td{padding:.5rem .75rem}
    svg text{font-size:13.5px}
    .source{padding-right:.5rem}
    .source span{padding-left:2.75rem;text-indent:-2.75rem}
    .source span::before{width:2rem;margin-right:.75rem}
    .fold thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
    .fold,.fold caption,.fold tbody,.fold tr,.fold th,.fold td{display:block;border:0}
    .fold tr{border-top:1px solid var(--rule);padding:.625rem .875rem}
    .fold tbody tr:first-child{border-top:0}
    .fold th,.fold td{padding:.0625rem 0}
    .fold td[data-label]::before{content:attr(data-label) " ";color:var(--muted);font-size:.8125rem;margin-right:.5rem}
    }
    """

  private static let paper = """
    @page{size:A4;margin:18mm 16mm 20mm}
    @media print{
    :root{color-scheme:light;\(Palette.light.properties);--page:#fff}
    html{font-size:9.5pt}
    *{-webkit-print-color-adjust:exact;print-color-adjust:exact}
    .wide{max-width:none;padding:0}
    header.top{border:0;padding:0}
    main{padding:0}
    nav,.skip{display:none}
    h2{margin-top:2rem}
    h2,h3,h4{break-after:avoid}
    .card{padding:0;border:0;border-top:1px solid var(--rule);border-radius:0;padding-top:1rem}
    .table{overflow:visible}
    figure,tr,dl,.states li,.images,.chips,.opening,.key{break-inside:avoid}
    .key{break-after:avoid}
    .sheet{break-before:page}
    thead{display:table-header-group}
    a{color:inherit;text-decoration:none}
    p,li{orphans:3;widows:3}
    .source{white-space:pre-wrap;font-size:7.5pt}
    }
    """
}
