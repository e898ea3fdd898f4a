try {
  sessionStorage[`harken ${location.pathname}`] = 0;
} catch {}
