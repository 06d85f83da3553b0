"""Words of which the generated plans are made: (Japanese, English), in the manner of such plans, of none in particular."""

from __future__ import annotations

from typing import Final

__all__ = [
    "BUREAUS",
    "DEEDS",
    "GLOSSARY",
    "MEANS",
    "MEASURES",
    "NAMES",
    "PEOPLE",
    "PHASES",
    "PLACES",
    "PLANS",
    "SECTIONS",
    "SUBJECTS",
    "SYSTEMS",
    "TOPICS",
    "UNITS",
    "Pair",
]

Pair = tuple[str, str]

NAMES: Final = (
    ("青", "ao"), ("赤", "aka"), ("朝", "asa"), ("石", "ishi"), ("泉", "izumi"), ("岩", "iwa"), ("梅", "ume"),
    ("大", "oo"), ("川", "kawa"), ("神", "kami"), ("北", "kita"), ("清", "kiyo"), ("桜", "sakura"), ("白", "shira"),
    ("杉", "sugi"), ("高", "taka"), ("竹", "take"), ("千", "chi"), ("鶴", "tsuru"), ("豊", "toyo"), ("長", "naga"),
    ("西", "nishi"), ("野", "no"), ("花", "hana"), ("東", "higashi"), ("広", "hiro"), ("福", "fuku"), ("藤", "fuji"),
    ("松", "matsu"), ("南", "minami"), ("宮", "miya"), ("森", "mori"), ("山", "yama"), ("雪", "yuki"), ("若", "waka"),
)  # fmt: skip
PLACES: Final = (
    ("浦", "ura"), ("江", "e"), ("岡", "oka"), ("木", "gi"), ("倉", "kura"), ("里", "sato"), ("沢", "sawa"),
    ("島", "shima"), ("瀬", "se"), ("谷", "tani"), ("津", "tsu"), ("戸", "do"), ("中", "naka"), ("根", "ne"),
    ("橋", "hashi"), ("浜", "hama"), ("原", "hara"), ("平", "hira"), ("見", "mi"), ("本", "moto"), ("吉", "yoshi"),
)  # fmt: skip
SUBJECTS: Final = (
    ("窓口", "service counters"), ("住民票の写し", "copies of residence records"), ("印鑑登録", "seal registration"),
    ("転入・転出の手続", "moving procedures"), ("児童手当", "child allowance"), ("保育所の入所", "nursery admission"),
    ("放課後児童クラブ", "after-school clubs"), ("妊娠・出産の届出", "maternity notifications"),
    ("乳幼児健診", "infant health checks"), ("予防接種", "vaccinations"), ("介護保険", "long-term care insurance"),
    ("要介護認定", "care-need certification"), ("障害福祉サービス", "disability services"), ("生活保護", "public assistance"),
    ("国民健康保険", "national health insurance"), ("後期高齢者医療", "medical care for the elderly"),
    ("国民年金", "national pension"), ("市税の納付", "payment of municipal tax"), ("固定資産税", "property tax"),
    ("軽自動車税", "light vehicle tax"), ("課税証明書", "tax certificates"), ("水道料金", "water charges"),
    ("下水道台帳", "sewer ledgers"), ("道路の損傷通報", "reports of road damage"), ("道路台帳", "road ledgers"),
    ("公園の利用", "use of parks"), ("公共施設の予約", "booking of public facilities"), ("図書館", "libraries"),
    ("電子図書", "electronic books"), ("文化財の記録", "records of cultural assets"), ("学校と家庭の連絡", "school notices"),
    ("学習用端末", "learning devices"), ("給食費", "school meal fees"), ("就学援助", "school attendance aid"),
    ("ごみの分別案内", "waste sorting guidance"), ("粗大ごみの申込み", "bulky waste requests"), ("防災情報", "disaster information"),
    ("避難所の運営", "running of shelters"), ("罹災証明書", "disaster victim certificates"), ("河川の水位監視", "river level monitoring"),
    ("消防の出動", "fire dispatch"), ("救急搬送", "ambulance transport"), ("農地台帳", "farmland ledgers"),
    ("有害鳥獣の捕獲", "wildlife control"), ("観光案内", "tourist information"), ("移住相談", "relocation advice"),
    ("空き家の把握", "survey of vacant houses"), ("建築確認", "building certification"), ("入札・契約", "tenders and contracts"),
    ("請求書の受領", "receipt of invoices"), ("会計事務", "accounting"), ("予算編成", "budgeting"), ("文書管理", "records management"),
    ("決裁", "approvals"), ("勤怠管理", "attendance records"), ("会議録の作成", "minutes of meetings"),
    ("議会運営", "council proceedings"), ("職員研修", "staff training"), ("広報紙", "the city bulletin"),
    ("市民からの問合せ", "enquiries from citizens"), ("パブリックコメント", "public comments"), ("選挙事務", "election work"),
    ("統計調査", "statistical surveys"), ("地図情報", "map information"), ("戸籍証明書", "family register certificates"),
    ("墓地の使用", "use of cemeteries"), ("町内会の活動", "neighbourhood associations"), ("地域公共交通", "local transport"),
    ("デマンド交通", "on-demand transport"), ("商店街のにぎわい", "shopping streets"), ("企業の支援", "support of businesses"),
)  # fmt: skip
MEANS: Final = (
    ("オンライン申請", "online applications"), ("電子申請システム", "an electronic application system"),
    ("キャッシュレス決済", "cashless payment"), ("マイナンバーカード", "the My Number Card"), ("コンビニ交付", "issue at convenience stores"),
    ("生成AI", "generative AI"), ("AI-OCR", "AI OCR"), ("RPA", "robotic process automation"), ("チャットボット", "chatbots"),
    ("LINE公式アカウント", "the official LINE account"), ("スマートフォンアプリ", "a smartphone app"), ("二次元コード", "two-dimensional codes"),
    ("タブレット端末", "tablets"), ("クラウドサービス", "cloud services"), ("ガバメントクラウド", "the Government Cloud"),
    ("標準準拠システム", "standardised systems"), ("オープンデータ", "open data"), ("GIS", "geographic information systems"),
    ("ドローン", "drones"), ("センサー", "sensors"), ("公衆無線LAN", "public wireless LAN"), ("テレワーク", "telework"),
    ("Web会議", "web meetings"), ("ペーパーレス会議", "paperless meetings"), ("電子契約", "electronic contracts"),
    ("電子決裁", "electronic approval"), ("データ連携基盤", "a data platform"), ("BIツール", "business intelligence tools"),
    ("ノーコードツール", "no-code tools"), ("書かない窓口", "counters without forms"), ("リモート相談", "remote consultation"),
    ("予約システム", "a booking system"), ("デジタル教材", "digital teaching materials"), ("遠隔手話通訳", "remote sign language"),
    ("多言語翻訳", "machine translation"), ("デジタルサイネージ", "digital signs"), ("eLTAX", "eLTAX"), ("自動音声応答", "voice response"),
)  # fmt: skip
DEEDS: Final = (
    ("導入", "Introduction of"), ("活用", "Use of"), ("推進", "Promotion of"), ("拡充", "Extension of"), ("整備", "Provision of"),
    ("普及", "Spread of"), ("検討", "Consideration of"), ("試行", "Trial of"), ("更新", "Renewal of"), ("高度化", "Refinement of"),
    ("周知", "Publicity for"), ("標準化", "Standardisation of"), ("統合", "Merging of"), ("見直し", "Review of"), ("運用", "Operation of"),
)  # fmt: skip
PEOPLE: Final = (
    ("", ""), ("高齢者向け", " for the elderly"), ("子育て世帯向け", " for families"), ("事業者向け", " for businesses"),
    ("職員向け", " for staff"), ("外国人住民向け", " for foreign residents"), ("若者向け", " for the young"), ("支所における", " at branch offices"),
    ("全庁的な", " across the office"), ("広域連携による", " with neighbouring municipalities"), ("段階的な", " step by step"),
)  # fmt: skip
MEASURES: Final = (
    ("行政手続のデジタル化", "Digital procedures"), ("業務の効率化", "Efficient work"), ("誰一人取り残さない支援", "Support that leaves nobody out"),
    ("デジタル人材の育成", "Training of digital talent"), ("情報セキュリティの確保", "Information security"), ("データの利活用", "Use of data"),
    ("地域社会のデジタル化", "A digital community"), ("システムの最適化", "Better systems"), ("働き方の改革", "New ways of working"),
    ("安全・安心なまちづくり", "A safe city"), ("教育の情報化", "Digital education"), ("健康と福祉の充実", "Health and welfare"),
    ("産業と観光の振興", "Industry and tourism"), ("都市基盤の管理", "Care of infrastructure"), ("情報発信の強化", "Better information"),
)  # fmt: skip
PLANS: Final = (
    ("dx", "DX推進計画", "DX Promotion Plan"), ("dx-strategy", "デジタル戦略", "Digital Strategy"),
    ("informatization", "地域情報化計画", "Local Informatization Plan"), ("data", "官民データ活用推進計画", "Plan for the Use of Data"),
)  # fmt: skip
BUREAUS: Final = (
    ("総務部", "General Affairs Department"), ("企画部", "Planning Department"), ("財政部", "Finance Department"),
    ("市民部", "Citizens' Department"), ("健康福祉部", "Health and Welfare Department"), ("こども未来部", "Children's Department"),
    ("環境部", "Environment Department"), ("産業部", "Industry Department"), ("都市建設部", "Construction Department"),
    ("上下水道部", "Waterworks Department"), ("教育委員会事務局", "Board of Education"), ("危機管理部", "Crisis Management Department"),
)  # fmt: skip
SECTIONS: Final = (
    ("総務課", "General Affairs Division"), ("デジタル推進課", "Digital Promotion Division"), ("情報システム課", "Information Systems Division"),
    ("人事課", "Personnel Division"), ("企画政策課", "Policy Division"), ("広報課", "Public Relations Division"), ("財政課", "Finance Division"),
    ("契約課", "Contracts Division"), ("税務課", "Tax Division"), ("市民課", "Residents' Division"), ("保険年金課", "Insurance and Pension Division"),
    ("高齢福祉課", "Elderly Welfare Division"), ("障害福祉課", "Disability Welfare Division"), ("子育て支援課", "Child Care Division"),
    ("環境政策課", "Environment Division"), ("商工観光課", "Commerce and Tourism Division"), ("農林課", "Agriculture Division"),
    ("道路管理課", "Roads Division"), ("建築指導課", "Building Division"), ("水道課", "Water Division"), ("学校教育課", "School Education Division"),
    ("図書館", "Library"), ("防災課", "Disaster Prevention Division"),
)  # fmt: skip
SYSTEMS: Final = (
    ("住民記録システム", "Resident record system"), ("税総合システム", "Tax system"), ("国保システム", "Health insurance system"),
    ("介護保険システム", "Care insurance system"), ("福祉総合システム", "Welfare system"), ("財務会計システム", "Accounting system"),
    ("文書管理システム", "Records system"), ("統合型GIS", "Integrated GIS"), ("施設予約システム", "Booking system"), ("校務支援システム", "School system"),
)  # fmt: skip
GLOSSARY: Final = (
    "AI", "RPA", "BPR", "EBPM", "GIS", "IoT", "LGWAN", "DX", "5G", "API", "クラウド", "オープンデータ", "マイナポータル",
    "デジタルデバイド", "ガバメントクラウド", "テレワーク", "情報リテラシー", "ビッグデータ", "二要素認証", "電子署名", "フロントヤード",
    "ぴったりサービス", "標準準拠システム", "サイバー攻撃", "業務継続計画", "チャットボット", "キャッシュレス", "メタバース",
)  # fmt: skip
UNITS: Final = (
    ("http://qudt.org/vocab/unit/PERCENT", "％"), ("https://w3id.org/dxlod/id/unit/case", "件"),
    ("https://w3id.org/dxlod/id/unit/person", "人"), ("https://w3id.org/dxlod/id/unit/occurrence", "回"),
)  # fmt: skip
PHASES: Final = (
    ("consider", "検討"),
    ("prepare", "準備"),
    ("trial", "試行"),
    ("implement", "実施"),
    ("expand", "拡大"),
)
TOPICS: Final = (
    "frontyard", "standardization", "public-payment", "mynumber-card", "security", "ai-rpa", "telework",
    "digital-implementation", "digital-divide", "regulation-review", "bpr", "open-data", "organization", "talent",
)  # fmt: skip
