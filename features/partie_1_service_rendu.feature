# language: fr
Fonctionnalité: Partie 1 — le service rendu
  Chaque membre accueille toute personne, analyse sa demande, l'informe et l'oriente vers le membre le plus adapté.

  @engagement-premier-accueil
  Règle: Toute personne a un premier accueil

    Plan du scénario: Même quand aucune offre ne répond au besoin
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors une structure est proposée

      Exemples:
        | personne                                               |
        | demande numerique                                      |
        | 45 ans, demande contrat-engagement-jeune                |
        | demandeur d'emploi, demande demissionner-pour-projet    |
        | 70 ans, retraité, demande job-etudiant                  |
        | habite Paris, demande choisir-orientation-scolaire      |

    Scénario: Sans besoin précis, la coordination du réseau accueille
      Étant donné une personne dont rien n'est dit
      Quand l'agent demande vers qui l'orienter
      Alors le premier service est m2end-premier-accueil
      Et le niveau est : premier-accueil

  @engagement-analyse
  Règle: La demande est analysée et la bonne question est posée

    Scénario: Sans rien savoir, on demande d'abord le besoin
      Étant donné une personne dont rien n'est dit
      Quand l'agent demande vers qui l'orienter
      Alors la première question est : besoins

    Plan du scénario: Une question n'est posée que si elle peut changer quelque chose
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors la question <posée> peut changer la réponse
      Et la question <inutile> n'est pas posée

      Exemples:
        | personne                              | posée             | inutile           |
        | salarié, demande faire-le-point       | cadre             | fonction_publique |
        | agent public                          | fonction_publique | categorie         |
        | fonction publique territoriale        | categorie         | scolarise_en_france |
        | 27 ans, demande trouver-emploi        | handicap          | categorie         |
        | demande savoirs-de-base               | scolarise_en_france | fonction_publique |
        | demandeur d'emploi, demande trouver-emploi | age          | statuts           |

    Plan du scénario: Les difficultés dites deviennent un besoin complémentaire
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors <structure> est proposée en complément pour <besoin>

      Exemples:
        | personne                                                               | structure            | besoin             |
        | 45 ans, demandeur d'emploi, demande trouver-emploi, difficulté francais | cria-28              | apprendre-francais |
        | 45 ans, demandeur d'emploi, demande trouver-emploi, difficulté logement | type-ccas            | se-loger           |

    Scénario: Deux besoins, deux réponses
      Étant donné la personne : 45 ans, salarié, non cadre, demande se-reconvertir, demande creer-entreprise
      Quand l'agent demande vers qui l'orienter
      Alors la première structure est avenir-actifs-cvl
      Et bge-28 est proposée en complément pour creer-entreprise

  @engagement-orientation
  Règle: La personne est orientée vers le membre le plus adapté à son besoin et à sa situation

    Plan du scénario: Une condition qui n'est pas remplie écarte l'offre, avec sa raison
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors <structure> est écartée par la règle <règle>
      Et <structure> n'est pas proposée

      Exemples:
        | personne                                         | structure            | règle                                |
        | 26 ans, sans handicap, demande trouver-emploi     | mission-locale-dreux | offre-reservee                       |
        | 30 ans, demande trouver-emploi                    | mission-locale-dreux | offre-reservee                       |
        | 15 ans, demande trouver-emploi                    | mission-locale-dreux | moins-de-16-pas-emploi               |
        | agent public, demande faire-le-point              | avenir-actifs-cvl    | agent-public-jamais-avenir-actifs    |
        | salarié, cadre, demande faire-le-point            | avenir-actifs-cvl    | cadre-pas-avenir-actifs              |
        | demandeur d'emploi, demande financer-formation    | transitions-pro-cvl  | demandeur-emploi-pas-transitions-pro |
        | indépendant, demande financer-formation           | transitions-pro-cvl  | offre-statut                         |
        | 45 ans, non cadre, demande trouver-emploi         | apec-cvl             | offre-reservee                       |
        | sans handicap, demande trouver-emploi             | phare-28             | offre-reservee                       |

    Plan du scénario: Une condition qui n'a pas été demandée n'écarte jamais, elle reste à vérifier
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors <structure> est aussi proposée
      Et pour <structure> il reste à vérifier : <question>

      Exemples:
        | personne                                      | structure            | question |
        | demandeur d'emploi, demande trouver-emploi    | mission-locale-dreux | age      |
        | demandeur d'emploi, demande trouver-emploi    | apec-cvl             | cadre    |
        | 27 ans, demande contrat-engagement-jeune      | mission-locale-dreux | handicap |
        | demande trouver-emploi                        | phare-28             | handicap |

    Scénario: On ne demande que ce qui peut écarter l'offre
      Étant donné la personne : 16 ans
      Quand l'agent demande vers qui l'orienter
      Alors pour avenir-actifs-cvl il ne reste à demander que : statuts et cadre et situation_publique

    Plan du scénario: La règle qui met une structure en avant est dite
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors la première structure est <structure>
      Et la règle <règle> met <structure> en avant

      Exemples:
        | personne                                                       | structure                      | règle                        |
        | 20 ans, salarié                                                | avenir-actifs-cvl              | departage-jeune-en-emploi    |
        | élève                                                          | cio-dreux                      | departage-scolaire-cio       |
        | étudiant                                                       | cio-dreux                      | public-prioritaire           |
        | fonction publique de l'État                                    | cmc-ministere                  | departage-agent-public       |
        | demande valider-acquis                                         | espace-region-vae              | departage-vae                |
        | 20 ans, sans activité, demande raccrocher-formation            | mission-locale-dreux           | public-reserve               |
        | rien n'est dit                                                 | m2end                          | premier-accueil-coordination |
        | demande creer-entreprise                                       | bge-28                         | membre-du-reseau             |
        | demande s-engager, préfère venir                               | bij-dreux                      | mode-souhaite                |

    Scénario: Une structure qui n'a pas d'offre pour ce besoin le dit
      Étant donné la personne : demande s-engager
      Alors à la demande « pourquoi pas apec-cvl ? » on répond : ne répond à ce besoin

    Plan du scénario: Ce qui n'est jamais proposé s'explique aussi
      Étant donné la personne : <personne>
      Alors à la demande « pourquoi pas <structure> ? » on répond : <mots>

      Exemples:
        | personne                               | structure            | mots                       |
        | habite Paris, demande trouver-emploi   | mission-locale-dreux | ne couvre pas cette commune |
        | 17 ans, suivi par personne, demande raccrocher-formation | pjj-grand-centre | on n'y entre pas de soi-même |

    Scénario: La protection judiciaire de la jeunesse ne se propose qu'à ceux qu'elle suit
      Étant donné la personne : 17 ans, sans activité
      Quand l'agent demande vers qui l'orienter
      Alors pjj-grand-centre n'est pas proposée

  @engagement-conseil-chez-soi
  Règle: Le conseil approfondi reste au bureau qui reçoit quand la demande est de son champ

    Plan du scénario: C'est chez vous
      Étant donné la personne : <personne>
      Et le bureau qui reçoit : <bureau>
      Quand l'agent demande vers qui l'orienter
      Alors c'est chez vous

      Exemples:
        | personne                                                  | bureau               |
        | demande creer-entreprise                                   | bge-28               |
        | rien n'est dit                                             | bij-dreux            |
        | demande s-engager                                          | ligue-enseignement-28 |
        | 20 ans, sans activité, demande trouver-emploi               | mission-locale-dreux |
        | élève, demande choisir-orientation-scolaire                 | cio-dreux            |
        | demande decouvrir-metiers, souhaite une information         | bij-dreux            |

    Plan du scénario: Ailleurs que chez vous
      Étant donné la personne : <personne>
      Et le bureau qui reçoit : <bureau>
      Quand l'agent demande vers qui l'orienter
      Alors ce n'est pas chez vous
      Et la première structure est <structure>

      Exemples:
        | personne                                                | bureau               | structure             |
        | demande creer-entreprise                                 | cio-dreux            | bge-28                |
        | 40 ans, demandeur d'emploi, demande trouver-emploi        | bij-dreux            | france-travail-dreux  |
        | salarié, non cadre, demande faire-le-point                | france-travail-dreux | avenir-actifs-cvl     |
        | 40 ans, demandeur d'emploi, cadre, demande trouver-emploi | france-travail-dreux | apec-cvl              |

  @engagement-prestations-non-cumulatives
  Règle: Accueillir, informer et accompagner sont des offres distinctes

    Plan du scénario: Le même bureau n'offre pas tout
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors le premier service est <service>

      Exemples:
        | personne                                                    | service                             |
        | 20 ans, sans activité, demande trouver-emploi                | mission-locale-dreux-accompagnement |
        | 20 ans, sans activité, demande contrat-engagement-jeune      | mission-locale-dreux-cej            |
        | demande inscription-france-travail                          | france-travail-dreux-inscription    |
        | 40 ans, demandeur d'emploi, demande trouver-emploi           | france-travail-dreux-accompagnement |
        | 15 ans, élève, demande choisir-orientation-scolaire          | cio-dreux-conseil                   |
